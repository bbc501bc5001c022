import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { env } from '#core/env.ts';
import { OAuthError } from '#core/oauth/error.ts';
import { isPastTheEdge } from './edge.ts';
import { logRequest, shownOf } from './log.ts';
import { countRequest } from './metrics.ts';
import { oauthJson } from './oauth-json.ts';
import { type Request, toRequest } from './request.ts';
import { json, type Response, toResult } from './response.ts';

const name = env('ENDPOINT');

/** How an endpoint speaks: the form of its errors, and the headers of all its answers. */
export type Form = {
  readonly answerError: (error: OAuthError, request: Request) => Response | Promise<Response>;
  readonly headers: Readonly<Record<string, string>>;
};

type LambdaHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Makes a Lambda of a handler: reads the event, answers what is thrown in the endpoint's own form, sets the headers
 * that every answer has, and logs and counts each request once. Anything thrown but an `OAuthError` is a bug: 500.
 */
export function endpoint(
  handle: (request: Request) => Response | Promise<Response>,
  form: Form = oauthJson,
): LambdaHandler {
  const steps = middy<Request, Response, unknown>()
    .use({
      after: ({ event, response }) => logRequest(event, response),
      onError: ({ event, response, error }) => logRequest(event, response, error),
    })
    .use({
      onError: async (run) => {
        run.response = await form.answerError(asOAuthError(run.error), run.event);
      },
    })
    .handler(handle);
  return async (event, context) => {
    const request = toRequest(event);
    if (isPastTheEdge(request.headers)) return toResult(json({ error: 'forbidden' }, 403), form.headers);
    const response = await steps(request, context);
    countRequest(request, { endpoint: name, status: response.status, shown: shownOf(request) });
    return toResult(response, form.headers);
  };
}

function asOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  return new OAuthError('server_error', 'Something went wrong here; try again later', 500, { cause: error });
}
