/** What a plugin's author did wrong, said so that they can mend it; anything else is our own mistake. */
export class Refusal extends Error {}
