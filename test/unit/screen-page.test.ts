import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { actionTypes } from '../../agent/protocol/params.ts';
import { capabilityNames, keyNames } from '../../platform/contract.ts';

type Key = { key: string; says: string; typed?: string[] };

const folder = new URL('../../platform/drivers/simulator/tv/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const load = (name: string) => import(new URL(name, folder).href);

const groups: { keys: Key[] }[] = (await load('shared/keys.js')).keyGroups;
const keys = groups.flatMap((group) => group.keys);

describe('the remote control on the TV page', () => {
  test('has each of the 55 keys once', () => {
    expect(keys.map(({ key }) => key).sort()).toEqual([...keyNames].sort());
  });

  test('says in words what each key is', () => {
    for (const { says } of keys) expect(says).toMatch(/\w/);
  });

  test('has no key of the computer for two of its own', () => {
    const typed = keys.flatMap((key) => key.typed ?? []);
    expect(new Set(typed).size).toBe(typed.length);
  });
});

describe('the fault menu on the TV page', () => {
  test('offers every capability and every action type', async () => {
    const menu: { capabilities: string[]; actionTypes: string[] } = await load('faults.js');
    expect([...menu.capabilities].sort()).toEqual([...capabilityNames].sort());
    expect([...menu.actionTypes].sort()).toEqual([...actionTypes].sort());
  });
});

describe("the TV page's files", () => {
  test('index.html names only files that are there, and nothing of it is inline', () => {
    const html = read('index.html');
    const named = [...html.matchAll(/(?:href|src)="([^"#]+)"/g)].map((match) => match[1]);
    expect(files).toEqual(expect.arrayContaining(named));
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  test.each(files.filter((name) => name.endsWith('.js')))('%s imports only files that are there', (name) => {
    const named = [...read(name).matchAll(/^import .* from '\.\/([^']+)'/gm)].map((match) => match[1]);
    expect(files).toEqual(expect.arrayContaining(named));
  });

  test('nothing is fetched from elsewhere', () => {
    for (const name of files) {
      const addresses = read(name).match(/https?:\/\/[^\s'")]+/g) ?? [];
      expect(addresses.filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([]);
    }
  });
});
