import { log } from '#server/log.ts';
import { readGatewaySettings } from './env.ts';
import { startGateway } from './gateway.ts';

/**
 * The telemetry gateway: the process that devices speak to. It sees sealed readings and who sent them, and never what they say.
 * Settings are environment variables (`env.ts`). Prints one line of JSON when it serves.
 */
try {
  const gateway = await startGateway(readGatewaySettings(process.env));
  const stop = () => {
    gateway.stop().then(
      () => process.exit(0),
      (error) => {
        log().error({ err: error }, 'the gateway did not stop well');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { mqttPort, httpsPort, healthPort } = gateway;
  process.stdout.write(`${JSON.stringify({ ready: true, mqttPort, httpsPort, healthPort })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
