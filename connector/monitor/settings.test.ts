import { expect, test } from 'vitest';
import { readMonitorSettings } from './settings.ts';

const whole = {
  CONNECTOR_PROFILE: 'connector.json',
  MONITOR_MSP: 'HospitalMSP',
  MONITOR_DEVICE: `dev-${'a'.repeat(26)}`,
  MONITOR_STATE: 'monitor',
  TELEMETRY_GATEWAY_URL: 'https://localhost:9',
  TELEMETRY_GATEWAY_CA: 'ca.pem',
};

test('settings that are left out have their usual value', () => {
  expect(readMonitorSettings(whole)).toEqual({ ...whole, MONITOR_EVERY_MS: 5_000, LOG_LEVEL: 'info' });
});

test('everything that is missing or wrong is named, without its value', () => {
  const wrong = {
    ...whole,
    MONITOR_DEVICE: 'nobody',
    TELEMETRY_GATEWAY_URL: 'http://secret',
    MONITOR_STATE: undefined,
  };
  expect(() => readMonitorSettings(wrong)).toThrow(/MONITOR_DEVICE.*\n.*MONITOR_STATE.*\n.*TELEMETRY_GATEWAY_URL/);
  expect(() => readMonitorSettings(wrong)).not.toThrow(/nobody|secret/);
});
