import type { ContractImplementation } from './implement-contract.ts';
import { readAddress } from '../network/check-destination.ts';
import type { StudioServices } from './studio-services.ts';

/** What may leave this machine: given, taken back and reported. */
export function answerNetwork({ network: methods }: ContractImplementation, { network, events }: StudioServices) {
  const changed = () => {
    const report = network.report();
    events.publish({ type: 'network-changed', report });
    return report;
  };
  return {
    report: methods.report.handler(() => network.report()),
    allow: methods.allow.handler(async ({ input }) => {
      await network.consents.allow({ ...input, origin: readAddress(input.origin, 'named-place').origin });
      return changed();
    }),
    revoke: methods.revoke.handler(async ({ input: { origin, purpose } }) => {
      await network.consents.revoke(origin, purpose);
      return changed();
    }),
  };
}
