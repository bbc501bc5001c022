/** What of the settings says whose identity mail comes from. */
export type Sender = {
  /** The address that mail comes from. */
  readonly sender: string;
  readonly domain?: { readonly hostedZone?: Zone | undefined } | undefined;
};

type Zone = { readonly id: string; readonly name: string };

/** The SES identity of a sender: its whole domain where the records can be written, else the address. */
export function identityOf(sender: Sender): string {
  return zoneOf(sender) ? domainOf(sender.sender) : sender.sender;
}

/** The hosted zone that the sender's domain lies in, if there is one. */
export function zoneOf({ sender, domain }: Sender): Zone | undefined {
  const zone = domain?.hostedZone;
  return zone && `.${domainOf(sender)}`.endsWith(`.${zone.name}`) ? zone : undefined;
}

/** The domain of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
