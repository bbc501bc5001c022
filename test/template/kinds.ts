import type { SettingChanges } from '../support/assembly.ts';

const hostedZone = { id: 'Z0123456789ABC', name: 'example.com' };
const alarms = { email: 'ops@example.com', monthlyBudgetUsd: 50 };

/** Settings of every kind that makes a template of its own: all differ in what is deployed, not only in values. */
export const kinds = {
  'the defaults': {},
  'a domain': { domain: { name: 'mcp.example.com', hostedZone } },
  'a domain at its top': { domain: { name: 'example.com', hostedZone } },
  'two hosts': { domain: { name: 'mcp.example.com', authorization: 'auth.example.com', hostedZone } },
  'a sender and a table that exist': { senderIdentity: 'existing', table: { existing: 'vestibule-restored' } },
  'a change of keys': { signingKeys: { current: 'second', next: 'third', retired: 'first' } },
  'a stage': { stackName: 'Vestibule-prod', senderIdentity: 'existing', logRetentionDays: 365 },
  CloudFront: { edge: true },
  'CloudFront at a domain': { edge: true, domain: { name: 'mcp.example.com', hostedZone } },
  'CloudFront with what others made': {
    edge: true,
    firewall: { webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/Own/1234abcd' },
    domain: {
      name: 'mcp.example.com',
      hostedZone,
      edgeCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1234abcd',
    },
  },
  'nothing that can be left out': {
    senderIdentity: 'existing',
    alarms: { enabled: false },
    dashboard: false,
    canary: false,
    restoreChallenge: false,
    logs: { share: 0, access: false },
    registration: { dynamic: false, metadataDocuments: false },
    tools: { packs: ['profile'] },
    terminationProtection: false,
  },
  'all that can be had': {
    edge: true,
    domain: { name: 'mcp.example.com', hostedZone },
    alarms,
    tracing: true,
    tags: { CostCenter: '42' },
    signingKeys: { current: 'second', next: 'third', retired: 'first' },
    tools: {
      public: true,
      environment: { SEARCH_PROVIDER: 'brave' },
      secrets: { SEARCH_KEY: '/vestibule/search-key' },
    },
    table: { maxReadUnits: 4_000, maxWriteUnits: 4_000 },
  },
} as const satisfies Readonly<Record<string, SettingChanges>>;
