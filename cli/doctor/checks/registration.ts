import { type Group, must, NotChecked } from '../check.ts';
import { type Answer, type Deployment, json, type Registration } from '../deployment.ts';
import { paths } from './well-known.ts';

/** Where the client of the sign-in listens. The port of a loopback address does not count. RFC 8252 §7.3. */
export const redirectUri = 'http://127.0.0.1/callback';

const metadata = {
  client_name: 'Vestibule doctor',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  application_type: 'native',
};
const remedy =
  'Look into the log of the Register function: it says why it refused, or that the table cannot be reached.';

/** That clients can register, and take care of their registration. RFC 7591 §3, RFC 7592 §2. */
export const registration: Group = {
  title: 'Registration',
  checks: [
    {
      name: 'registration',
      proves: 'a client can register itself, unless the settings say otherwise',
      remedy,
      run: async (deployment) => ((await isOffered(deployment)) ? mustRegister(deployment) : mustBeClosed(deployment)),
    },
    {
      name: 'reading the registration',
      proves: 'a client can read its registration with its registration access token, and nobody else can',
      remedy,
      run: async (deployment) => {
        const made = registered(deployment);
        const answer = await deployment.request(made.url, { headers: bearer(made) });
        must(answer.status === 200, `the status is ${answer.status}`);
        must(json(answer).client_id === made.clientId, 'it is the registration of another client');
        const { status } = await deployment.request(made.url);
        must(status === 401, `without the token the status is ${status}`);
      },
    },
    {
      name: 'bad redirect URI',
      proves: 'nobody registers a redirect URI that sends codes in the clear',
      remedy,
      run: async (deployment) => {
        if (!(await isOffered(deployment))) throw new NotChecked('clients may not register themselves here');
        const answer = await register(deployment, { ...metadata, redirect_uris: ['http://attacker.example/callback'] });
        if (answer.status === 201) await remove(registrationIn(answer, deployment), deployment);
        must(answer.status === 400, `the status is ${answer.status}`);
        const { error } = json(answer);
        const isNamed = error === 'invalid_redirect_uri' || error === 'invalid_client_metadata';
        must(isNamed, `the error is ${error}`);
      },
    },
  ],
};

/** That nothing stays behind. */
export const removal: Group = {
  title: 'Afterwards',
  checks: [
    {
      name: 'removal of the registration',
      proves: 'a client can remove its registration, and it is gone',
      remedy:
        'Remove the client by hand: npm run admin -- clients remove ID. Then look into the log of the Register function.',
      tidiesUp: true,
      run: async (deployment) => {
        const made = registered(deployment);
        const { clientId } = made;
        const { status } = await remove(made, deployment);
        must(status === 204, `the status is ${status}, and the client ${clientId} stays`);
        const after = await deployment.request(made.url, { headers: bearer(made) });
        must(
          after.status === 401,
          `the client ${clientId} is still there: reading it is answered with ${after.status}`,
        );
        deployment.removedClientId = clientId;
      },
    },
  ],
};

/** True if clients may register themselves. If the metadata can't be read, it tries. */
export async function isOffered(deployment: Deployment): Promise<boolean> {
  const said = await deployment.document(paths.server).catch(() => undefined);
  return said === undefined || 'registration_endpoint' in said;
}

async function mustRegister(deployment: Deployment): Promise<void> {
  deployment.registration = registrationIn(await register(deployment, metadata), deployment);
}

/** The operator may register all clients. Then the endpoint is neither named nor open. */
async function mustBeClosed(deployment: Deployment): Promise<string> {
  const answer = await register(deployment, metadata);
  const { status } = answer;
  if (status === 201) deployment.registration = registrationIn(answer, deployment);
  must(status === 403, `no registration_endpoint is named, but POST /register is answered with ${status}`);
  return 'closed by the settings (registration.dynamic), so only clients of the operator sign in';
}

/** Registers a client. RFC 7591 §3.1. */
export function register(deployment: Deployment, sent: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return deployment.request('/register', { method: 'POST', headers, body: JSON.stringify(sent) });
}

/** Removes a client. RFC 7592 §2.3. */
export function remove(made: Registration, deployment: Deployment): Promise<Answer> {
  return deployment.request(made.url, { method: 'DELETE', headers: bearer(made) });
}

function bearer({ token }: Registration): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** What a client is known by from now on. Throws a fault when it was not registered. */
export function registrationIn(answer: Answer, { issuer }: Deployment): Registration {
  must(answer.status === 201, `the status is ${answer.status}`);
  const { client_id, registration_client_uri: url, registration_access_token: token } = json(answer);
  must(typeof client_id === 'string' && client_id !== '', 'there is no client_id');
  must(typeof url === 'string' && url.startsWith(`${issuer}/`), `registration_client_uri is ${url ?? 'missing'}`);
  must(typeof token === 'string' && token !== '', 'there is no registration_access_token');
  return { clientId: client_id, url, token };
}

function registered({ registration: made }: Deployment): Registration {
  if (!made) throw new NotChecked('needs the registration');
  return made;
}
