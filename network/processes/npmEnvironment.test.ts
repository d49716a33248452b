import { expect, it } from 'vitest';
import { withoutNpmRun } from './npmEnvironment.ts';

it("leaves out what npm says of its own run, and keeps a person's settings", () => {
  const kept = { NODE_ENV: 'test' as const, PATH: '/bin', npm_config_registry: 'https://packages.example.com/' };
  const run = { npm_package_json: '/a/package.json', npm_lifecycle_event: 'devnet', npm_config_local_prefix: '/a' };
  const result = withoutNpmRun({ ...kept, ...run, npm_config_prefix: '/usr', INIT_CWD: '/home' });
  expect(Object.entries(result).filter(([, value]) => value !== undefined)).toEqual(Object.entries(kept));
});
