// Loaded before a TypeScript entry, which an older Node cannot even read: this is JavaScript that it can.
const needed = Number.parseInt(require('../package.json').engines.node.replace(/\D*/, ''), 10);
if (Number.parseInt(process.versions.node, 10) < needed) {
  console.error(`Vestibule needs Node.js ${needed} or later; this is ${process.versions.node}.`);
  process.exit(1);
}
