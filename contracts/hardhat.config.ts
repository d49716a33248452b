import { createRequire } from 'node:module';
import hardhatNodeTestRunner from '@nomicfoundation/hardhat-node-test-runner';
import hardhatViem from '@nomicfoundation/hardhat-viem';
import { defineConfig } from 'hardhat/config';

/** The compiler is the npm package `solc`, so that nothing is downloaded. */
export default defineConfig({
  plugins: [hardhatNodeTestRunner, hardhatViem],
  solidity: {
    version: '0.8.37',
    path: createRequire(import.meta.url).resolve('solc/soljson.js'),
    settings: { optimizer: { enabled: true, runs: 10_000 }, evmVersion: 'cancun' },
  },
  // Enough to find what was put wrong on purpose, in seconds; more by the settings of one's own run.
  test: { solidity: { fuzz: { runs: 128 }, invariant: { runs: 32, depth: 200, failOnRevert: true } } },
  paths: {
    sources: 'contracts/src',
    tests: { nodejs: 'contracts/test', solidity: 'contracts/test' },
    artifacts: 'contracts/artifacts',
    cache: 'contracts/cache',
  },
});
