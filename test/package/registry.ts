import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { listen } from '../../local/http.ts';

type Manifest = { readonly name: string; readonly version: string };

/** A registry of npm's on this machine. It has what is published to it, and leads to another one for all else. */
export class Registry {
  readonly #packages = new Map<string, Map<string, { readonly manifest: Manifest; readonly tarball: Buffer }>>();
  readonly #others: string;
  readonly #server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1);
    const [name = '', file] = path.split('/-/');
    const versions = this.#packages.get(name);
    if (!versions) return response.writeHead(307, { location: new URL(request.url ?? '/', this.#others).href }).end();
    const found = [...versions.values()].find(({ manifest }) => file === fileOf(manifest));
    if (found) return response.end(found.tarball);
    if (file !== undefined) return response.writeHead(404).end();
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(this.#packument(name)));
  });
  #url = '';

  constructor(others: string) {
    this.#others = others;
  }

  /** Where it is, once it has begun to listen. */
  get url(): string {
    return this.#url;
  }

  async open(): Promise<void> {
    this.#url = `http://127.0.0.1:${await listen(this.#server, '127.0.0.1', 0)}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  publish(file: string): Manifest {
    const tarball = readFileSync(file);
    const manifest = JSON.parse(fileIn(gunzipSync(tarball), 'package/package.json')) as Manifest;
    const versions = this.#packages.get(manifest.name) ?? new Map();
    versions.set(manifest.version, { manifest, tarball });
    this.#packages.set(manifest.name, versions);
    return manifest;
  }

  #packument(name: string): object {
    const versions = [...(this.#packages.get(name)?.values() ?? [])].map(({ manifest, tarball }) => {
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      return { ...manifest, dist: { tarball: `${this.#url}/${name}/-/${fileOf(manifest)}`, integrity } };
    });
    return {
      name,
      'dist-tags': { latest: versions.at(-1)?.version },
      versions: Object.fromEntries(versions.map((one) => [one.version, one])),
    };
  }
}

function fileOf({ name, version }: Manifest): string {
  return `${name}-${version}.tgz`;
}

/** A file of a tar archive: each has a header of 512 bytes with its name and, in octal, its size. */
function fileIn(archive: Buffer, wanted: string): string {
  for (let at = 0; at < archive.length; ) {
    const name = archive
      .subarray(at, at + 100)
      .toString()
      .replace(/\0.*$/s, '');
    const size = Number.parseInt(archive.subarray(at + 124, at + 136).toString(), 8) || 0;
    if (name === wanted) return archive.subarray(at + 512, at + 512 + size).toString();
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`The archive has no ${wanted}`);
}
