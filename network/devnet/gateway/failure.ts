import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js';
import { gateway, google } from '@hyperledger/fabric-protos';

/** What one endpoint had to say about a failed call. */
export interface FailureDetail {
  address: string;
  mspId: string;
  message: string;
}

/** A call that fails with a gRPC status and, as Fabric's gateway does it, details of each endpoint. */
export class Failure extends Error {
  override name = 'Failure';
  readonly code: status;
  readonly details: readonly FailureDetail[];

  constructor(code: status, message: string, details: readonly FailureDetail[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The form in which grpc-js sends a failure. */
export function toServiceError(error: unknown): Partial<ServerErrorResponse> & { code: status; details: string } {
  if (!(error instanceof Failure))
    return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
  const metadata = new Metadata();
  if (error.details.length > 0) {
    const message = new google.rpc.Status();
    message.setCode(error.code);
    message.setMessage(error.message);
    for (const { address, mspId, message: text } of error.details) {
      const detail = new gateway.ErrorDetail();
      detail.setAddress(address);
      detail.setMspId(mspId);
      detail.setMessage(text);
      const any = message.addDetails();
      any.setTypeUrl('type.googleapis.com/gateway.ErrorDetail');
      any.setValue(detail.serializeBinary());
    }
    metadata.set('grpc-status-details-bin', Buffer.from(message.serializeBinary()));
  }
  return { code: error.code, details: error.message, metadata };
}
