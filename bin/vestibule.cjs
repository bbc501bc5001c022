#!/usr/bin/env node
// An older Node could not read what follows, and says so first.
require('./node-version.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
// The sources are TypeScript in the repository and JavaScript in the package.
const program = join(__dirname, '../cli/vestibule.js');
void import(existsSync(program) ? program : join(__dirname, '../cli/vestibule.ts'));
