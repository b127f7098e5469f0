import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CAPTURE, NEW } from '../../../src/adapters/slack/actions.ts';
import { BOT_EVENTS, SCOPES } from '../../../src/adapters/slack/scopes.ts';

interface Manifest {
  display_information: { name: string; description: string };
  features: {
    app_home: { home_tab_enabled: boolean; messages_tab_enabled: boolean; messages_tab_read_only_enabled: boolean };
    shortcuts: { name: string; type: string; callback_id: string; description: string }[];
    slash_commands: { command: string; url?: string; should_escape: boolean }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { request_url?: string; bot_events: string[] };
    interactivity: { is_enabled: boolean; request_url?: string };
    socket_mode_enabled: boolean;
    token_rotation_enabled: boolean;
  };
}

const read = (mode: string): Manifest =>
  parse(readFileSync(new URL(`../../../manifests/slack-${mode}.yaml`, import.meta.url), 'utf8')) as Manifest;

describe.each(['http', 'socket'])('manifests/slack-%s.yaml', (mode) => {
  const manifest = read(mode);

  it('asks for exactly what the adapter needs', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(Object.keys(SCOPES));
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(BOT_EVENTS);
  });

  it('names the shortcuts and the command as the adapter knows them, within Slack’s limits', () => {
    const { shortcuts, slash_commands, app_home } = manifest.features;
    expect(shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([
      ['message', CAPTURE],
      ['global', NEW],
    ]);
    for (const { name, description } of shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
    expect(slash_commands).toMatchObject([{ command: '/itr', should_escape: true }]);
    expect(app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  });

  it('sends everything to one place', () => {
    const { event_subscriptions, interactivity, socket_mode_enabled, token_rotation_enabled } = manifest.settings;
    const urls = [event_subscriptions.request_url, interactivity.request_url, manifest.features.slash_commands[0]?.url];
    expect(new Set(urls)).toEqual(new Set([mode === 'http' ? 'https://itr.example.com/slack/events' : undefined]));
    expect(socket_mode_enabled).toBe(mode === 'socket');
    expect(interactivity.is_enabled).toBe(true);
    // With it on, tokens of 12 hours would have to be renewed, which this adapter does not do.
    expect(token_rotation_enabled).toBe(false);
  });
});
