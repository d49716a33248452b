import type { NextConfig } from 'next';

const config: NextConfig = {
  // gRPC and the Fabric client load .proto and native parts at run time; bundling breaks them.
  serverExternalPackages: [
    '@hyperledger/fabric-gateway',
    '@grpc/grpc-js',
    '@hyperledger/fabric-protos',
    'pg',
    'pino',
    'kubo-rpc-client',
    'ethers',
  ],
  poweredByHeader: false,
  // Left to the proxy, which every portal on a network has (MEDLOOM_PROXIES): here it would only delay answers.
  compress: false,
  // In development Next would write the arguments of actions, sign-in secrets among them, to its log.
  logging: { serverFunctions: false },
  // Types are checked with the tests; a start does not wait for it.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    // A start builds into an empty folder (network/build.ts), so a cache would only cost time.
    turbopackFileSystemCacheForBuild: false,
    // The log names actions by their functions.
    serverMinification: false,
    serverActions: { bodySizeLimit: '5mb' },
  },
  headers: async () => [
    {
      source: '/api/:path*',
      headers: [{ key: 'content-security-policy', value: "default-src 'none'; frame-ancestors 'none'" }],
    },
    {
      source: '/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'x-frame-options', value: 'DENY' },
        { key: 'referrer-policy', value: 'same-origin' },
        { key: 'permissions-policy', value: 'camera=(self), microphone=(), geolocation=(), payment=()' },
        { key: 'cross-origin-opener-policy', value: 'same-origin' },
        { key: 'cross-origin-resource-policy', value: 'same-origin' },
        { key: 'strict-transport-security', value: 'max-age=31536000' },
      ],
    },
  ],
};

export default config;
