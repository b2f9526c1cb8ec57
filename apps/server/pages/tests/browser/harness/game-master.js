/** What a game master does on the pages, in English, step by step as a person. */
export class GameMaster {
  constructor(visit) {
    this.visit = visit;
    this.page = visit.page;
  }

  /** Makes a campaign and keeps its address. */
  async makeCampaign(name) {
    await this.visit.goto("/console");
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.press("Make the campaign");
    await this.page.getByRole("heading", { level: 1, name }).waitFor();
    [this.address] = new URL(this.page.url()).pathname.match(/^\/console\/[0-9a-f-]+/);
    this.campaignId = this.address.split("/").at(-1);
  }

  /** Opens a part of the campaign by its tab. */
  async open(tab) {
    const tabs = this.page.getByRole("navigation", { name: "Parts of the campaign" });
    await tabs.getByRole("link", { name: tab, exact: true }).click();
  }

  async invite(login) {
    await this.open("People");
    await this.page.getByLabel("Name of the channel").fill(login);
    await this.press("Invite");
    await this.done("Invited.");
  }

  async switchOn(event) {
    await this.open("Events");
    await this.press(`Switch on ${event}`);
    await this.done("The event is on");
  }

  async setUpPracticeTable() {
    await this.open("Table");
    await this.press("Set up a practice table");
    await this.done("The practice table is there");
  }

  async press(name) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** The page says that it was done. */
  async done(text) {
    await this.page.locator(".done").filter({ hasText: text }).waitFor();
  }
}
