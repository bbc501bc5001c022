import { type Aws, startAws } from './aws.ts';
import { newAddress } from './flow.ts';
import { type Item, Operator } from './operator.ts';
import { startStack } from './stack.ts';
import { connectTools, type ToolClient } from './tool-client.ts';

/** A stack whose operator has made tenants. */
export type Tenants = {
  readonly issuer: string;
  readonly aws: Aws;
  /** Makes a tenant without people, and gives its id. */
  readonly newTenant: () => Promise<string>;
  /** Enters somebody new in a tenant, signs them in and connects for them. */
  readonly connectMember: (tenant: string, member?: Member) => Promise<ToolClient & { readonly address: string }>;
  /** All items of a partition. */
  readonly itemsAt: (pk: string) => Promise<readonly Item[]>;
  readonly stop: () => Promise<void>;
};

type Member = { readonly role?: 'member' | 'admin' } & Parameters<typeof connectTools>[1];

/** Starts a stack of its own, in whose table the operator's items can be written. */
export async function startTenants(): Promise<Tenants> {
  const aws = await startAws();
  const stack = await startStack({ env: aws.env });
  const { issuer } = stack;
  const operator = new Operator(aws.table);
  return {
    issuer,
    aws,
    newTenant: () => operator.newTenant(),
    connectMember: async (tenant, { role = 'member', ...options } = {}) => {
      const address = options.address ?? newAddress();
      await operator.enterAddress(address, tenant, role);
      return { ...(await connectTools(issuer, { ...options, address })), address };
    },
    itemsAt: (pk) => operator.itemsAt(pk),
    stop: async () => {
      await stack.stop();
      await aws.stop();
    },
  };
}
