import type { NextConfig } from 'next';

const config: NextConfig = {
  // gRPC and the Fabric client load .proto and native parts at run time; bundling breaks them.
  serverExternalPackages: ['@hyperledger/fabric-gateway', '@grpc/grpc-js', '@hyperledger/fabric-protos', 'pg', 'pino'],
  poweredByHeader: false,
};

export default config;
