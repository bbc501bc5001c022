/* A single process that appends a line about each request to SQLite before it answers: what an audit costs at least. */
const { createServer } = require('node:http');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { DatabaseSync } = require('node:sqlite');

const table = new DatabaseSync(join(mkdtempSync(join(tmpdir(), 'vestibule-appending-')), 'audit.db'));
table.exec('PRAGMA journal_mode = WAL; CREATE TABLE audit (at INTEGER, who TEXT, what TEXT)');
const insert = table.prepare('INSERT INTO audit VALUES (?, ?, ?)');

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { id, params } = JSON.parse(body);
    insert.run(Date.now(), request.headers.authorization ?? '', params.name);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: '{"todos":[]}' }] } }));
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
