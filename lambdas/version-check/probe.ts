import { paths } from '#core/routes.ts';

/**
 * A request that every endpoint can answer without its table: to the one path that the sign-in knows, of nobody. An
 * event of the HTTP API, payload format 2.0.
 */
export const probe = {
  version: '2.0',
  routeKey: '$default',
  rawPath: paths.authorize,
  rawQueryString: '',
  headers: {},
  requestContext: {
    accountId: '',
    apiId: '',
    domainName: '',
    domainPrefix: '',
    http: {
      method: 'GET',
      path: paths.authorize,
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: 'version-check',
    },
    requestId: 'version-check',
    routeKey: '$default',
    stage: '$default',
    time: '01/Jan/1970:00:00:00 +0000',
    timeEpoch: 0,
  },
  isBase64Encoded: false,
} as const;
