import type { RecallArgument } from '#chaincode/model/trace.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import type { ConnectorGateway } from '#server/gateways/connector/connector.ts';
import { type Recorder, Suspended } from './recording.ts';

/** Refusals of a whole call by what the registry says of the institution or its system. */
const suspended: readonly ErrorCode[] = ['SUSPENDED', 'NOT_AUTHORISED', 'NOT_REGISTERED'];

/**
 * Records through the connector, which signs in the name of each institution's own system, as it does for a partner behind
 * the EPCIS interface. A recall is a person's, and so another's to do.
 */
export function connectorRecorder(
  connector: Pick<ConnectorGateway, 'capture'>,
  recall: (channel: string, recall: RecallArgument) => Promise<void>,
): Recorder {
  return {
    capture: async ({ mspId, system }, channel, events) => {
      const part = { channel, events: JSON.stringify(events) };
      try {
        const reply = await connector.capture({ mspId, system, mode: 'proceed', parts: [part] });
        return reply.parts[0]?.outcomes ?? [];
      } catch (error) {
        if (error instanceof AppError && suspended.includes(error.code)) throw new Suspended(error.message);
        throw error;
      }
    },
    recall,
  };
}
