/** What a streamer does on the channel's page, in English, step by step as a person. */
export class Streamer {
  constructor(visit) {
    this.visit = visit;
    this.page = visit.page;
  }

  /** Signs in with the button of the front page, and accepts an invitation. */
  async accept(name, campaign) {
    await this.visit.goto("/");
    await this.page.getByRole("link", { name: new RegExp(`^Be \\W*${name}`) }).click();
    await this.page.getByRole("navigation").getByRole("link", { name: "My channel" }).click();
    await this.page.getByRole("button", { name: `Accept ${campaign}`, exact: true }).click();
    await this.done("You take part.");
  }

  async offer(event) {
    await this.page.getByRole("button", { name: `Switch on ${event}`, exact: true }).click();
    await this.done("It is on your channel.");
  }

  /** The page says that it was done. */
  async done(text) {
    await this.page.locator(".done").filter({ hasText: text }).waitFor();
  }
}
