/** As much of the package as the tests use: it comes without types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export type Context = {
    path: string;
    method: string;
    status: number;
    body: unknown;
    readonly req: import('node:http').IncomingMessage;
    readonly res: import('node:http').ServerResponse;
    readonly oidc?: { readonly route: string };
    respond?: boolean;
  };

  class Provider {
    constructor(issuer: string, configuration: object);
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    callback(): RequestListener;
    interactionFinished(request: unknown, response: unknown, result: object): Promise<void>;
    readonly Grant: new (
      of: object,
    ) => {
      addOIDCScope(scope: string): void;
      save(): Promise<string>;
    };
    interactionDetails(
      request: unknown,
      response: unknown,
    ): Promise<{ readonly params: { readonly client_id: string; readonly scope: string } }>;
  }

  export { Provider as default };
}
