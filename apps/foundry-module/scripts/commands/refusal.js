/**
 * A command that cannot be done, and why: for the people who read the server's console. Handlers
 * throw it before they changed anything, or after they took back what they had changed.
 */
export class Refusal extends Error {}
