/** A reason not to start that a person can act on: printed as its one sentence, without a stack. */
export class Refusal extends Error {}
