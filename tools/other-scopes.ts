/** The scopes of tools elsewhere: an app with tools of its own declares them here, so that they can be named. */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be extended
export interface OtherScopes {}
