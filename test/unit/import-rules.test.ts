import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the linter, with the project's rules, says of one planted file. */
function lint(file: string, code: string): string {
  const directory = temporaryDirectory();
  cpSync(join(root, 'biome.json'), join(directory, 'biome.json'));
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  writeFileSync(join(directory, file), code);
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout, stderr } = spawnSync(biome, ['lint', '--vcs-enabled=false', file], {
    cwd: directory,
    encoding: 'utf8',
  });
  return stdout + stderr;
}

test.each([
  ['agent/protocol/planted.ts', '../errors.ts', 'imports nothing but the validator'],
  ['agent/actions/planted.ts', '../pipeline/journal.ts', 'nothing of how it is scheduled'],
  ['agent/actions/planted.ts', '../../platform/command.ts', 'nothing of how it is scheduled'],
  ['agent/upstreams/planted.ts', '../../platform/contract.ts', 'An upstream carries messages'],
  ['agent/pipeline/planted.ts', '../actions/index.ts', 'never on one action, upstream or driver'],
  ['platform/drivers/simulator/planted.ts', '../../../agent/errors.ts', 'never the agent'],
  ['headend/planted.ts', '../agent/errors.ts', 'imports agent/protocol and'],
  ['headend/planted.ts', '../platform/contract.ts', 'imports agent/protocol and'],
])('the linter refuses %s importing %s, and says why', (file, imported, reason) => {
  expect(lint(file, `export * from '${imported}';\n`)).toContain(reason);
});

test.each([
  '../agent/protocol/messages.ts',
  '../platform/drivers/simulator/tv/shared/keys.js',
  '../platform/drivers/simulator/screen/message-layout.ts',
])('the linter lets the headend import %s', (imported) => {
  const said = lint('headend/planted.ts', `export * from '${imported}';\n`);
  expect(said).not.toContain('noRestrictedImports');
  expect(said).toContain('Checked 1 file');
});
