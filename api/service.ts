/** How a tool reaches a service elsewhere: what the operator has set for it, its key, and the request. */
export { optionalEnv } from '../core/env.ts';
export { secret } from '../core/keys/secret.ts';
export { address, ask, deadline } from '../tools/everyday/service.ts';
export { type Api, type ApiKey, defineApi } from '../tools/upstream/api.ts';
export { type ApiRequest, apiAnswer, callApi } from '../tools/upstream/call-api.ts';
export { jsonText, namedValues } from '../tools/upstream/inputs.ts';
