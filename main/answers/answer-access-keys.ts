import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';

/** The keys with which other programs use the studio. */
export function answerAccessKeys({ accessKeys: methods }: ContractImplementation, { accessKeys }: StudioServices) {
  return {
    list: methods.list.handler(() => accessKeys.list()),
    create: methods.create.handler(({ input }) => accessKeys.create(input)),
    revoke: methods.revoke.handler(async ({ input }) => {
      await accessKeys.revoke(input.id);
      return accessKeys.list();
    }),
  };
}
