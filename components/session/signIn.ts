import { signIn } from 'next-auth/react';
import { isRejection } from '#components/ui/errors.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { signInSalt } from '#server/people/actions.ts';
import { walletNonce } from '#server/session/actions.ts';

export type SignInOutcome =
  | 'signed-in'
  | 'wrong'
  | 'limited'
  | 'suspended'
  | 'unavailable'
  | 'wallet-none'
  | 'wallet-wrong'
  | 'wallet-rejected';

/** Salt from the server, argon2id in this browser, and only the sign-in half of the result is sent. */
export async function signInWithPassword(email: string, password: string): Promise<SignInOutcome> {
  try {
    const answer = await signInSalt({ email });
    if (!answer.ok) return answer.error.code === 'INVALID_INPUT' ? 'wrong' : refusalOf(answer.error.code);
    const { salt, stretching } = answer.data;
    const { derivePassword } = await import('#crypto/password.ts');
    const keys = await derivePassword(password, fromBase64Url(salt), {
      memory: stretching.memoryKiB,
      iterations: stretching.iterations,
      parallelism: stretching.parallelism,
    });
    const result = await signIn('password', { email, signInSecret: keys.signInSecret, redirect: false });
    const outcome = outcomeOf(result, 'wrong');
    if (outcome === 'signed-in') {
      const { handOverWrappingKey } = await import('#components/vault/sessionStore.ts');
      // Without it the next page asks for the password once more; the sign-in stands.
      await handOverWrappingKey(keys.wrappingKey).catch(() => undefined);
    }
    keys.wrappingKey.fill(0);
    return outcome;
  } catch {
    return 'unavailable';
  }
}

/** Asks an injected wallet to sign an EIP-4361 message of this site. */
export async function signInWithWallet(): Promise<SignInOutcome> {
  try {
    const [{ connectInjected }, { createSiweMessage }] = await Promise.all([
      import('./injectedWallet.ts'),
      import('viem/siwe'),
    ]);
    const wallet = await connectInjected().catch((thrown: unknown) => (isRejection(thrown) ? 'rejected' : null));
    if (wallet === 'rejected') return 'wallet-rejected';
    if (!wallet) return 'wallet-none';
    const nonce = await walletNonce(undefined);
    if (!nonce.ok) return refusalOf(nonce.error.code);
    const message = createSiweMessage({
      address: wallet.address,
      chainId: wallet.chainId,
      domain: window.location.host,
      uri: window.location.origin,
      nonce: nonce.data,
      version: '1',
      issuedAt: new Date(),
    });
    const signature = await wallet.sign(message).catch((thrown: unknown) => {
      if (isRejection(thrown)) return null;
      throw thrown;
    });
    if (signature === null) return 'wallet-rejected';
    return outcomeOf(await signIn('wallet', { message, signature, redirect: false }), 'wallet-wrong');
  } catch {
    return 'unavailable';
  }
}

function refusalOf(code: string): SignInOutcome {
  return code === 'RATE_LIMITED' ? 'limited' : 'unavailable';
}

function outcomeOf(result: Awaited<ReturnType<typeof signIn>>, refused: SignInOutcome): SignInOutcome {
  if (result?.ok && !result.error) return 'signed-in';
  if (result?.error === 'RATE_LIMITED') return 'limited';
  if (result?.error === 'SUSPENDED') return 'suspended';
  if (result?.error === 'CredentialsSignin') return refused;
  return 'unavailable';
}
