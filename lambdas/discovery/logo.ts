import type { Response } from '#core/http/response.ts';
import { logo } from '#generated';

/** The operator's logo. A picture that is a document of its own, as SVG is, can do nothing when it is opened by itself. */
export const logoResponse: Response | undefined = logo
  ? {
      status: 200,
      headers: {
        'content-type': logo.type,
        'cache-control': 'public, max-age=86400',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      },
      body: logo.base64,
      isBase64: true,
    }
  : undefined;
