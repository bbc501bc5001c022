import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { limits as allLimits, otherLimits } from '../core/limits.ts';
import { accentOf, linksOf, logoOf } from './brand.ts';
import { catalogue } from './catalogue.ts';
import { listedOf } from './listing.ts';
import type { Settings } from './settings.ts';
import { pageStyle } from './style.ts';

/** Writes the module that the bundles import as `#generated`. */
export function writeGenerated(settings: Settings, file: string, module?: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, generatedModule(settings, module));
}

/** The text of that module: the settings and what the tools come to, as plain data. */
export function generatedModule(settings: Settings, module?: string): string {
  const { name, sender, contact = null, allowedOrigins, lifetimes, limits, quotas, answerFloorMilliseconds } = settings;
  const { registration, signIn, hostedClients, trustedMetadataHosts } = settings;
  const { providers, ...otherWays } = signIn;
  const { packs, tools, offers, titles, scopes, consentTexts, personalItems, tenantItems } = catalogue(
    settings.tools.packs,
    module,
  );
  const { listed, icon } = listedOf(settings.listing, name);
  const values = {
    name,
    language: settings.language,
    accentedStyle: pageStyle(accentOf(settings.brand.accent)),
    logo: logoOf(settings.brand.logo),
    hasLogo: settings.brand.logo !== undefined,
    links: linksOf(settings.brand),
    listed,
    icon,
    proofs: settings.listing?.proofs ?? {},
    sender,
    contact,
    allowedOrigins,
    lifetimes,
    limits,
    quotas,
    answerFloorMilliseconds,
    registration,
    signIn: otherWays,
    providers,
    requiredProviders: Object.fromEntries(
      providers.flatMap(({ id, domains, isRequired }) => (isRequired ? domains.map((domain) => [domain, id]) : [])),
    ),
    providerButtons: providers.map(({ id, name: label }) => ({ id, name: label })),
    hostedClients,
    trustedMetadataHosts,
    packs,
    tools,
    offers,
    titles,
    scopes,
    // Other languages are beside the bundles, with all that is said in them.
    consentTexts: Object.fromEntries(
      Object.entries(consentTexts).map(([scope, { text, changes }]) => [
        scope,
        { text: typeof text === 'string' ? text : text.en, changes },
      ]),
    ),
    personalItems,
    tenantItems,
    ownsSubdomains: !isOnTheDomainItself(settings),
    opensPublicTools: settings.tools.public,
    notices: settings.notices,
    loggedShare: settings.logs.share,
    countedBy: settings.countedBy,
    refuseRepeatsFromElsewhere: settings.refuseRepeatsFromElsewhere,
    // Each by itself, so that a bundle has nothing of what is off.
    needsDpop: settings.dpop.required,
    usesDpopNonces: settings.dpop.nonce,
    computingMilliseconds: settings.tools.computingMilliseconds,
    personalPolicy: settings.tenants.personal,
    auditSeconds: settings.audit.retentionDays * 86_400,
    clients: settings.clients.map(preRegistered),
    counters: Object.fromEntries(
      Object.entries({ ...allLimits, ...otherLimits }).map(([name, { counter }]) => [name, counter]),
    ),
  };
  const lines = Object.entries(values).map(([key, value]) => `export const ${key} = ${JSON.stringify(value)};`);
  return `${lines.join('\n')}\n`;
}

/** True if a host of the server is the domain that the hosted zone is for: what else is below it is not the server's. */
function isOnTheDomainItself({ domain }: Settings): boolean {
  return domain !== undefined && [domain.name, domain.authorization].includes(domain.hostedZone.name);
}

/** A client of the settings as the endpoints know clients. A secret may come in the header or in the form. */
function preRegistered({ authMethod, ...client }: Settings['clients'][number]) {
  const secretMethods = ['client_secret_basic', 'client_secret_post'];
  const authMethods = secretMethods.includes(authMethod) ? secretMethods : [authMethod];
  return { ...client, authMethods, grantTypes: ['authorization_code', 'refresh_token'], registeredAt: 0 };
}
