import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { errorTable } from '../../agent/errors.ts';
import { actionTypes, paramSchemas } from '../../agent/protocol/params.ts';
import { examples } from '../../docs/generate/examples.ts';
import { generatedFiles } from '../../docs/generate/files.ts';
import { table } from '../../docs/generate/markdown.ts';
import { capabilityNames } from '../../platform/contract.ts';

const docs = join(import.meta.dirname, '../../docs');
const files = generatedFiles();

test('the pages and schemas in docs are what the code says', () => {
  for (const [name, content] of files) expect(readFileSync(join(docs, name), 'utf8'), name).toBe(content);
  const schemas = readdirSync(join(docs, 'schemas')).map((name) => `schemas/${name}`);
  expect(schemas.filter((name) => !files.has(name))).toEqual([]);
});

test('the action reference has a section with an example for every type', () => {
  const page = files.get('actions.md');
  for (const type of actionTypes) {
    expect(page).toContain(`\n## ${type}\n`);
    expect(page).toContain(`"type": "${type}", "params": `);
    expect(v.safeParse(paramSchemas[type], examples[type]).success, type).toBe(true);
  }
});

test('the error page lists every code with its sentence', () => {
  const page = files.get('errors.md');
  for (const [code, { sentence }] of Object.entries(errorTable)) {
    expect(page).toContain(`| \`${code}\` |`);
    expect(page).toContain(sentence);
  }
});

test('the glossary names every capability', () => {
  const glossary = readFileSync(join(docs, 'glossary.md'), 'utf8');
  for (const name of capabilityNames) expect(glossary).toContain(`\`${name}\``);
});

test('a bar or a line break in a cell does not break a table', () => {
  expect(table(['a'], [['x | y\nz']])).toBe('| a |\n|---|\n| x \\| y z |');
});
