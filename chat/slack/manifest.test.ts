import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '#commands/table.ts';
import { makeManifest } from './manifest.ts';

test('the manifest keeps within the limits of Slack’s schema', () => {
  const { display_information: shown, features, settings } = makeManifest(commands, { mode: 'socket' });

  assert.ok(shown.name.length <= 35 && shown.description.length <= 140);
  assert.match(shown.background_color, /^#[0-9a-f]{6}$/);
  assert.ok(features.slash_commands.length <= 50);
  for (const { command, description, usage_hint, should_escape } of features.slash_commands) {
    assert.match(command, /^\/[a-z0-9_-]{1,31}$/);
    assert.ok(description.length > 0 && description.length <= 2000 && usage_hint.length <= 1000);
    assert.equal(should_escape, true);
  }
  assert.equal(settings.socket_mode_enabled, true);
  assert.equal(settings.interactivity.is_enabled, true);
  assert.ok(features.app_home.home_tab_enabled && !features.app_home.messages_tab_read_only_enabled);
});

test('with Socket Mode there are no addresses; with HTTP everything goes to one', () => {
  const socket = JSON.stringify(makeManifest(commands, { mode: 'socket' }));
  const http = makeManifest(commands, { mode: 'http', url: 'https://bot.example.org' });

  assert.doesNotMatch(socket, /https?:/);
  const address = 'https://bot.example.org/slack/events';
  assert.ok(features(http).every(({ url }) => url === address));
  assert.equal(http.settings.event_subscriptions.request_url, address);
  assert.equal(http.settings.interactivity.request_url, address);
  assert.equal(http.settings.interactivity.message_menu_options_url, address);
  assert.equal(http.settings.socket_mode_enabled, false);
});

const features = (manifest: ReturnType<typeof makeManifest>) =>
  manifest.features.slash_commands as readonly { url?: string }[];
