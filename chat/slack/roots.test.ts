import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MenuItem } from '#chat/menu.ts';
import { lineOf, slashCommands, typing } from './roots.ts';

const item = (path: string): MenuItem => ({ path, about: 'Something.', example: `/${path}`, risk: 'read', args: {} });

test('each root is a slash command, but for those that Slack keeps for itself', () => {
  const menu = ['vm create', 'vm list', 'node list', 'me link', 'help'].map(item);

  const names = slashCommands(menu, '').map(({ command }) => command);

  assert.deepEqual(names, ['/vm', '/node', '/botswain']);
});

test('a prefix stands before every slash command', () => {
  const names = slashCommands(['vm list', 'me link'].map(item), 'pve-').map(({ command }) => command);

  assert.deepEqual(names, ['/pve-vm', '/pve-me', '/pve-botswain']);
});

test('Slack takes fifty, and the one for everything is among them', () => {
  const menu = Array.from({ length: 80 }, (_, at) => item(`root${at} list`));

  const commands = slashCommands(menu, '');

  assert.equal(commands.length, 50);
  assert.equal(commands.at(-1)?.command, '/botswain');
});

test('what was typed becomes the line that the product knows', () => {
  assert.equal(lineOf('/vm', 'create k8s-dev', ''), '/vm create k8s-dev');
  assert.equal(lineOf('/pve-vm', '', 'pve-'), '/vm');
  assert.equal(lineOf('/botswain', 'me show', ''), '/me show');
  assert.equal(lineOf('/botswain', '/me show', ''), '/me show');
  assert.equal(lineOf('/botswain', '', ''), '/help');
});

test('a line with a name that Slack keeps is shown as it must be typed here', () => {
  const menu = ['vm list', 'me show', 'help'].map(item);
  const lines = ['/help vm', '/me show', '/vm list', '/me link K7QX2M9P', '/mend it', 'cat /me'].map(typing(menu, ''));

  const expected = ['/botswain help vm', '/botswain me show', '/vm list', '/me link K7QX2M9P', '/mend it', 'cat /me'];
  assert.deepEqual(lines, expected);
});

test('a line is shown with the prefix that has to be typed', () => {
  const menu = ['vm list', 'me show', 'help'].map(item);
  const lines = ['/vm', '/vm list', '/help vm', '/botswain vm list', '/me link K7QX2M9P', '/vmx', '/etc'];

  const expected = ['/pve-vm', '/pve-vm list', '/pve-help vm', '/pve-botswain vm list', ...lines.slice(4)];
  assert.deepEqual(lines.map(typing(menu, 'pve-')), expected);
});
