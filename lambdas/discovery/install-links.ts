type Server = { readonly key: string; readonly name: string; readonly url: string };

/** Opens the dialog of Claude for a connector, filled in. claude.com/docs, Directory and custom connectors. */
export function claudeLink({ name, url }: Server): string {
  const query = `connectorName=${encodeURIComponent(name)}&connectorUrl=${encodeURIComponent(url)}`;
  return `https://claude.ai/customize/connectors?modal=add-custom-connector&${query}`;
}

/** Opens Cursor, which asks before it adds the server. cursor.com/docs, MCP install links. */
export function cursorLink({ key, url }: Server): string {
  const config = Buffer.from(JSON.stringify({ url })).toString('base64');
  return `cursor://anysphere.cursor-deeplink/mcp/install?name=${key}&config=${encodeURIComponent(config)}`;
}

/** Opens VS Code, which asks before it adds the server. code.visualstudio.com, MCP developer guide. */
export function codeLink({ key, url }: Server): string {
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: key, type: 'http', url }))}`;
}
