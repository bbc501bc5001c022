import { describe, expect, test } from 'vitest';
import { defineSettings, settingsOf } from '../../lib/settings.ts';

const sender = 'sign-in@example.com';

describe('settings', () => {
  test('need nothing but a sender', () => {
    expect(defineSettings({ sender })).toMatchObject({ name: 'Vestibule', signingKeys: { current: 'first' } });
  });

  test.for<[string, object, string]>([
    ['no sender', {}, 'sender: '],
    ['a sender that is no address', { sender: 'x' }, 'sender: Invalid email address'],
    ['an unknown key', { sender, colour: 'red' }, 'colour: there is no such key; there are name, sender'],
    [
      'an unknown window',
      { sender, limits: { callsPerGrant: { week: 1 } } },
      'limits.callsPerGrant.week: there is no such key; there are minute, quarterHour, hour, day',
    ],
    [
      'a limit of nothing',
      { sender, limits: { callsPerGrant: { minute: 0 } } },
      'limits.callsPerGrant.minute: Too small: expected number to be >0',
    ],
    [
      'an origin with a path',
      { sender, allowedOrigins: ['https://claude.ai/'] },
      'allowedOrigins.0: must be an origin',
    ],
    [
      'one key in two places',
      { sender, signingKeys: { current: 'a', next: 'a' } },
      'signingKeys: must name different keys',
    ],
    [
      'a domain outside its hosted zone',
      { sender, domain: { name: 'mcp.example.com', hostedZone: { id: 'Z1', name: 'ample.com' } } },
      'domain: must be a name in the hosted zone',
    ],
    [
      'an unknown key of a domain',
      { sender, domain: { name: 'mcp.example.com', hostedZone: { id: 'Z1', name: 'example.com' }, tls: 1 } },
      'domain.tls: there is no such key; there are name, authorization, hostedZone, edgeCertificateArn',
    ],
    [
      'a stage that is wrong',
      { sender, stages: { prod: { sender: 'x' } } },
      'stages.prod.sender: Invalid email address',
    ],
    [
      'an unknown key of a stage',
      { sender, stages: { prod: { colour: 'red' } } },
      'stages.prod.colour: there is no such key; there are name, sender',
    ],
    [
      'the name of a stage that is none',
      { sender, stages: { 'Prod!': {} } },
      'stages.Prod!: must be lower case letters, digits and hyphens',
    ],
    [
      'a variable that is none',
      { sender, tools: { environment: { 'search url': 'x' } } },
      'tools.environment.search url: must be capitals, digits and underscores',
    ],
    [
      'a secret in place of the name of its parameter',
      { sender, tools: { secrets: { SEARCH_KEY: 's3cret' } } },
      'tools.secrets.SEARCH_KEY: must be the name of an SSM parameter',
    ],
    [
      'a stage at the domain of another',
      { sender, domain: { name: 'example.com', hostedZone: { id: 'Z1', name: 'example.com' } }, stages: { prod: {} } },
      'stages.prod.domain: must differ between stages',
    ],
    [
      'a stage that makes the sender of another',
      { sender, stages: { prod: {} } },
      "stages.prod.senderIdentity: must be 'existing', for another stage makes the SES identity sign-in@example.com",
    ],
    [
      'a stage that makes the sender’s domain of another',
      {
        sender,
        domain: { name: 'a.example.com', hostedZone: { id: 'Z1', name: 'example.com' } },
        stages: {
          prod: {
            sender: 'codes@example.com',
            domain: { name: 'b.example.com', hostedZone: { id: 'Z1', name: 'example.com' } },
          },
        },
      },
      "stages.prod.senderIdentity: must be 'existing', for another stage makes the SES identity example.com",
    ],
    [
      'a stage in the region that another leaves open',
      { sender, region: 'eu-west-1', stages: { prod: { region: 'eu-west-1', account: '123456789012' } } },
      'stages.prod.senderIdentity: must be',
    ],
    ['an account that is none', { sender, account: '1234' }, 'account: must be the 12 digits of an AWS account'],
    ['a region that is none', { sender, region: 'Frankfurt' }, 'region: must be the name of a region, such as eu'],
    ['a tag of AWS', { sender, tags: { 'aws:x': 'y' } }, 'tags.aws:x: must not begin with aws:'],
    [
      'a tag with a character that AWS refuses',
      { sender, tags: { Team: 'a;b' } },
      'tags.Team: must be letters, digits',
    ],
    ['a return path of two labels', { sender, returnPath: 'a.b' }, 'returnPath: must be one label of a domain name'],
    [
      'limits of a table that is not the stack’s',
      { sender, table: { existing: 'old-one', maxWriteUnits: 5 } },
      'table: is an existing one, whose limits you set in DynamoDB',
    ],
    [
      'alarms that are off and have an address',
      { sender, alarms: { enabled: false, email: 'ops@example.com' } },
      'alarms: has an email that nothing would be told to',
    ],
    [
      'an ACL of another region',
      { sender, firewall: { webAclArn: 'arn:aws:wafv2:eu-west-1:1:x' } },
      'firewall.webAclArn: ',
    ],
    [
      'a stage in the stack of another',
      { sender, stages: { prod: { stackName: 'Vestibule' } } },
      'stages.prod.stackName: must differ between stages',
    ],
    [
      'a retention that logs cannot have',
      { sender, logRetentionDays: 2 },
      'logRetentionDays: Invalid option: expected one of 1|3|5',
    ],
  ])('with %s are refused by the name of the key and what it allows', ([, settings, message]) => {
    expect(() => defineSettings(settings as never)).toThrow(`\n  ${message}`);
  });
});

describe('a provider that people must sign in through', () => {
  const provider = (id: string, more: object) => ({
    id,
    name: id,
    issuer: `https://${id}.example`,
    clientId: 'x',
    clientSecret: '/x',
    ...more,
  });
  const settings = (...providers: readonly object[]) =>
    defineSettings({ sender: 'a@example.com', signIn: { providers } } as Parameters<typeof defineSettings>[0]);

  test('has domains, in the form in which the DNS has them', () => {
    const { providers } = settings(
      provider('corp', { isRequired: true, domains: ['Corp.Example', 'bücher.example'] }),
    ).signIn;
    expect(providers[0]?.domains).toEqual(['corp.example', 'xn--bcher-kva.example']);
    expect(() => settings(provider('corp', { isRequired: true }))).toThrow('needs domains');
    expect(() => settings(provider('corp', { domains: ['not a domain'] }))).toThrow('must be a domain');
  });

  test('is the only one of a domain', () => {
    const [corp, other] = ['corp', 'other'].map((id) => provider(id, { isRequired: true, domains: ['corp.example'] }));
    expect(() => settings(corp ?? {}, other ?? {})).toThrow('must not require two for one domain');
    expect(settings(corp ?? {}, provider('third', { domains: ['corp.example'] })).signIn.providers).toHaveLength(2);
  });
});

describe('the origins that may call, RFC 6454 §6.2', () => {
  test.for([
    ...['https://claude.ai', 'http://app.example:8080', 'https://xn--bcher-kva.example', 'http://[2001:db8::1]:8080'],
    ...['chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'moz-extension://1f0b6b4e-5f0c-4b0e-9a55-0c1d2e3f4a5b'],
    ...[
      'safari-web-extension://1f0b6b4e-5f0c-4b0e-9a55-0c1d2e3f4a5b',
      'safari-web-extension://75DD59A1-0B2C-4D3E-8F90-A1B2C3D4E5F6',
      'ms-appx-web://1234Publisher.App_8wekyb3d8bbwe',
      'vscode-webview://0a1b2c3d4e5f',
      'vscode-file://vscode-app',
    ],
    ...['app://-', 'app://obsidian.md', 'app://.', 'capacitor://localhost', 'ionic://localhost', 'tauri://localhost'],
    ...['http://tauri.localhost', 'https://tauri.localhost', 'file://', 'com.example.app://host:8080'],
    ...['moz-extension://*', 'vscode-webview://*'],
  ])('may be %s', (origin) => {
    expect(defineSettings({ sender, allowedOrigins: [origin] }).allowedOrigins).toEqual([origin]);
  });

  test.for([
    ...[
      '',
      '*',
      'claude.ai',
      '//claude.ai',
      'https:claude.ai',
      'https://',
      'https://*',
      'https://*.example.com',
      'http://*',
    ],
    ...['HTTPS://claude.ai', 'https://Claude.ai', 'https://claude.ai/', 'https://claude.ai/x', 'https://claude.ai?x'],
    ...[
      'https://claude.ai:443',
      'https://user@claude.ai',
      'https://bücher.example',
      'https://a.example, https://b.example',
    ],
    ...[
      'chrome-extension://',
      'chrome-extension://abc/',
      'chrome-extension://ABC',
      'moz-extension://1F0B6B4E-5F0C-4B0E-9A55-0C1D2E3F4A5B',
      'chrome-extension://a b',
      'Tauri://localhost',
    ],
    ...['app://*.example', 'app://x*', 'file:///', 'file:///home', 'app://user@host', 'app://host:port', 'app://hö'],
  ])('must not be %s', (origin) => {
    expect(() => defineSettings({ sender, allowedOrigins: [origin] })).toThrow('allowedOrigins.0: must be an origin');
  });

  test('are told as browsers send them', () => {
    expect(() => defineSettings({ sender, allowedOrigins: ['https://Bücher.example:443/'] })).toThrow(
      'such as https://xn--bcher-kva.example',
    );
  });

  test('are never null, which any page can send', () => {
    expect(() => defineSettings({ sender, allowedOrigins: ['null'] })).toThrow(
      'allowedOrigins.0: must not be null: any page of any site can send that',
    );
  });
});

describe('stages', () => {
  const settings = defineSettings({
    sender,
    name: 'Notes',
    lifetimes: { grantSeconds: 60 },
    stages: {
      prod: { sender: 'codes@example.com', lifetimes: { accessTokenSeconds: 60 } },
      test: { stackName: 'Try', senderIdentity: 'existing' },
    },
  });

  test('are not needed', () => {
    expect(settingsOf(defineSettings({ sender }), undefined)).toMatchObject({ sender, stackName: 'Vestibule' });
  });

  test('have the values of the settings, but for the keys that they set, which are theirs as a whole', () => {
    const { name, sender: own, lifetimes } = settingsOf(settings, 'prod');
    expect({ name, own }).toEqual({ name: 'Notes', own: 'codes@example.com' });
    expect(lifetimes).toMatchObject({ accessTokenSeconds: 60, grantSeconds: 365 * 86_400 });
  });

  test('may make the same sender where they say that they are apart', () => {
    const stages = { prod: { region: 'us-east-1' } };
    expect(() => defineSettings({ sender, region: 'eu-west-1', stages })).not.toThrow();
    const prod = { account: '210987654321' };
    expect(() => defineSettings({ sender, account: '123456789012', stages: { prod } })).not.toThrow();
  });

  test('are stacks of their own', () => {
    const names = [undefined, 'prod', 'test'].map((stage) => settingsOf(settings, stage).stackName);
    expect(names).toEqual(['Vestibule', 'Vestibule-prod', 'Try']);
  });

  test.for(['live', 'toString'])('that do not exist are refused: %s', (stage) => {
    expect(() => settingsOf(settings, stage)).toThrow(`has no stage "${stage}"; it has prod, test`);
  });
});
