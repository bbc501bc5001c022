/** The variable that says which Lambda has the server of this name. */
export function functionVariable(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_SERVER_FUNCTION`;
}
