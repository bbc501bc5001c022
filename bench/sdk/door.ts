/*
 * What a Lambda reaches AWS through in the plain bundles, in place of the files of the same names in `core/aws`: the SDK's
 * aggregated clients, which have a method for each operation.
 */
import { unconfined } from '#core/confinement.ts';

/** Makes the function that calls an operation by its name, as the doors of `core/aws` do, for a confined tool too. */
export function door(client: object): (operation: string, input: object) => Promise<object> {
  return (operation, input) => {
    const method = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}` as keyof typeof client;
    return unconfined(() => (client[method] as (input: object) => Promise<object>).call(client, input));
  };
}
