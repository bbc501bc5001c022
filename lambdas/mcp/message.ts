/** A JSON-RPC message as it came: an object, and no more than that is known of it. */
export type Message = Readonly<Record<string, unknown>>;
