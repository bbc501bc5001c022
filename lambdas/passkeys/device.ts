const devices = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Chromebook', /CrOS/],
  ['Windows', /Windows/],
  ['Mac', /Macintosh/],
  ['Linux', /Linux|X11/],
] as const;

/** What kind of device a browser says that it runs on: the name of a passkey until its person gives it another. */
export function deviceIn(userAgent = ''): string | undefined {
  return devices.find(([, pattern]) => pattern.test(userAgent))?.[0];
}
