// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Payments for claims that lie on another ledger
/// @notice Pays pharmacies and hospitals exactly what a claim's insurer has quoted (EIP-712) for it: the insurer its share, patients
/// or an assistance fund theirs. A claim is named by its reference, a salted commitment, and its insurer; nothing here says what was
/// served to whom. Payees take out what they were paid, payers what was paid back to them.
/// @dev Institutions are named by keccak256 of their identifier. Ether is the coin of address zero.
interface ICareSettlement {
    /// @notice Whose share a payment is of. Assistance pays the patient's.
    enum Payer {
        Insurer,
        Patient,
        Assistance
    }

    /// @notice What an insurer's signer says is to be paid for a claim. The newest version of its own that was brought here counts.
    /// @param claim Its reference: a salted commitment.
    /// @param insurer The insurer, keccak256 of its identifier.
    /// @param payee Who is paid, keccak256 of its identifier.
    /// @param coin ERC-20 token, or zero for ether.
    /// @param insurerAmount The insurer's share, in the coin's smallest unit.
    /// @param patientAmount The patient's share, likewise.
    /// @param version From 1; rises with every change of the claim's decision.
    /// @param expires Unix time in seconds after which nothing is paid by it.
    struct Quote {
        bytes32 claim;
        bytes32 insurer;
        bytes32 payee;
        address coin;
        uint96 insurerAmount;
        uint96 patientAmount;
        uint32 version;
        uint40 expires;
    }

    /// @notice A payer's EIP-2612 permit that pays for one quote and nothing else, for anybody to bring.
    /// @dev What the coin takes as the permit's deadline is `permitDeadline(quote, validUntil)`: it commits to the quote, so that the
    /// one signature says what is paid for.
    /// @param payer Whose coins they are, and who signed.
    /// @param amount The permit's value, all of which is paid.
    /// @param validUntil Unix time in seconds after which it is not taken here.
    /// @param nonce The permit's nonce on the coin.
    struct CoPayPermit {
        address payer;
        uint96 amount;
        uint40 validUntil;
        uint256 nonce;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice What is known of a claim's payments; all zero where nothing was brought.
    struct Bill {
        bytes32 insurer;
        bytes32 payee;
        address coin;
        uint32 version;
        uint40 expires;
        bool reversed;
        uint96 insurerAmount;
        uint96 patientAmount;
        uint96 insurerPaid;
        uint96 patientPaid;
    }

    /// @notice An insurer's prefunded account in one coin.
    /// @param balance What it holds.
    /// @param perDay What its spenders may pay in a day (UTC) without a second person.
    /// @param releaseAbove A share above it is paid only when a second person has released it.
    /// @param day The last day, counted from 1970, on which something was paid without one, and how much.
    struct Purse {
        uint128 balance;
        uint128 perDay;
        uint96 releaseAbove;
        uint32 day;
        uint128 spent;
    }

    /// @notice Money went to a payee's account here. From an insurer's account here, `payer` is this contract.
    event Paid(
        bytes32 indexed claim,
        Payer kind,
        address indexed payer,
        bytes32 indexed payee,
        address coin,
        uint256 amount,
        bytes32 insurer
    );

    /// @notice A payee gave back what that payer had paid, to its account here. An insurer gets all back in its account.
    event Refunded(
        bytes32 indexed claim,
        Payer kind,
        address indexed payer,
        bytes32 indexed payee,
        address coin,
        uint256 amount,
        bytes32 insurer,
        bool fromWallet
    );

    /// @notice Nothing more is paid for this claim.
    event Reversed(bytes32 indexed claim, bytes32 indexed insurer);

    /// @notice A spender proposed to pay what is left of a share above the threshold.
    event Proposed(bytes32 indexed claim, bytes32 indexed insurer, uint32 version, address indexed spender);

    /// @notice A second person released it; the payment's own event follows.
    event Released(bytes32 indexed claim, bytes32 indexed insurer, uint32 version, address indexed releaser);

    /// @notice Money came into an insurer's account, or was taken out by its treasurer.
    event Deposited(bytes32 indexed insurer, address indexed coin, address indexed from, uint256 amount);
    event FundsWithdrawn(bytes32 indexed insurer, address indexed coin, address indexed to, uint256 amount);

    /// @notice A payee, or a payer to whom something was given back, took money out.
    event Withdrawn(bytes32 indexed payee, address indexed coin, address indexed to, uint256 amount);
    event RefundWithdrawn(address indexed payer, address indexed coin, uint256 amount);

    /// @notice What lay here and was nobody's was taken out.
    event Swept(address indexed coin, address indexed to, uint256 amount);

    /// @notice Who is who, and what an insurer's people may do.
    event PayeeSet(bytes32 indexed payee, address indexed payout);
    event TreasurerSet(bytes32 indexed insurer, address indexed treasurer);
    event SignerSet(bytes32 indexed insurer, address indexed signer);
    event RightsSet(bytes32 indexed insurer, address indexed account, bool spends, bool releases);
    event LimitsSet(bytes32 indexed insurer, address indexed coin, uint128 perDay, uint96 releaseAbove);
    event CoinAllowed(address indexed coin, uint256 minorUnit);

    error ZeroAddress();
    error UnknownInsurer(bytes32 insurer);
    error UnknownPayee(bytes32 payee);
    error UnknownClaim(bytes32 claim);

    /// @notice The coin is not among those that an admin allowed.
    error CoinNotAllowed(address coin);

    /// @notice The amount is no whole number of the currency's minor units.
    error NotWhole(address coin, uint256 minorUnit, uint256 amount);

    /// @notice Another amount arrived than was sent, or more left: a coin that takes fees or changes balances.
    error AmountNotReceived(address coin, uint256 expected, uint256 measured);

    /// @notice The ether that came is not the amount, or came with a payment in another coin.
    error WrongValue(uint256 expected, uint256 given);

    error EtherRefused(address to, uint256 amount);
    error NotTreasurer(bytes32 insurer, address account);
    error NotSpender(bytes32 insurer, address account);
    error NotReleaser(bytes32 insurer, address account);
    error NotPayee(bytes32 payee, address account);

    /// @notice Who proposed a payment cannot release it.
    error SamePerson(address account);

    /// @notice The share is above the insurer's threshold: it is proposed, and released by another person.
    error NeedsRelease(bytes32 claim, uint256 share, uint256 releaseAbove);

    /// @notice No payment of that version was proposed.
    error NotProposed(bytes32 claim, uint32 version);

    error DailyLimit(bytes32 insurer, address coin, uint256 left, uint256 amount);
    error TooLittleFunds(bytes32 insurer, address coin, uint256 balance, uint256 amount);
    error TooLittleToWithdraw(uint256 balance, uint256 amount);

    /// @notice The signature is not by the insurer's signer, or over something else.
    error NotSigned(bytes32 insurer, address signer);

    /// @notice A newer quote is known here.
    error QuoteStale(bytes32 claim, uint32 known, uint32 given);

    /// @notice The same version, with other words.
    error QuoteConflict(bytes32 claim, uint32 version);

    error QuoteExpired(bytes32 claim, uint40 expires);

    /// @notice More is paid than the insurer's share would be, or to another payee or in another coin: it is paid back first.
    error AlreadyPaid(bytes32 claim, uint256 paid);

    error ClaimReversed(bytes32 claim);

    /// @notice More than is left of the share, or nothing.
    error NotOwed(bytes32 claim, uint256 left, uint256 amount);

    /// @notice More than that payer has paid, or nothing.
    error NotPaid(bytes32 claim, uint256 paid, uint256 amount);

    error PermitExpired(uint40 validUntil);

    /// @notice The permit is not by the payer, or of another quote, amount, nonce or coin.
    error PermitInvalid(address signer, address payer);

    error PermitUsed(bytes32 digest);
    error UnequalLengths(uint256 entries, uint256 signatures);

    /// @notice Names a payee's payout address, or another one; what it was paid by then goes with it.
    /// @dev Only `PAYEE_REGISTRAR_ROLE`.
    function setPayee(bytes32 payee, address payout) external;

    /// @notice Names who runs an insurer's account.
    /// @dev Only `INSURER_REGISTRAR_ROLE`. In earnest a wallet of several people.
    function setTreasurer(bytes32 insurer, address treasurer) external;

    /// @notice Names who signs an insurer's quotes. What an earlier one signed and nobody brought counts no more.
    /// @dev The treasurer, as the next two.
    function setSigner(bytes32 insurer, address signer) external;

    /// @notice Says whether an account may pay and propose, and whether it may release what another has proposed.
    function setRights(bytes32 insurer, address account, bool spends, bool releases) external;

    /// @notice Sets what may be paid in a day, and above which share a second person is needed. Both are 0 at first.
    function setLimits(bytes32 insurer, address coin, uint128 perDay, uint96 releaseAbove) external;

    /// @notice Pays into an insurer's account. Anybody may.
    function deposit(bytes32 insurer, address coin, uint128 amount) external payable;

    /// @notice Takes money out of an insurer's account, to its treasurer. Only the treasurer.
    function withdrawFunds(bytes32 insurer, address coin, uint128 amount) external;

    /// @notice Pays of the insurer's share from its account: a spender, within the day's limit.
    function settle(Quote calldata quote, bytes calldata signature, uint96 amount) external;

    /// @notice Pays all that is left of the insurer's share of each, all or none.
    function settleBatch(Quote[] calldata quotes, bytes[] calldata signatures) external;

    /// @notice Proposes to pay what is left of a share above the threshold: a spender.
    function propose(Quote calldata quote, bytes calldata signature) external;

    /// @notice Pays what another person has proposed, beside the day's limit: a releaser.
    function release(bytes32 claim, bytes32 insurer, uint32 version) external;

    /// @notice Pays of the insurer's share from the wallet of one of its spenders.
    function payShare(Quote calldata quote, bytes calldata signature, uint96 amount) external payable;

    /// @notice Pays of the patient's share: anybody.
    function payCoPay(Quote calldata quote, bytes calldata signature, uint96 amount) external payable;

    /// @notice Pays of the patient's share with what the payer signed; anybody may bring it.
    /// @dev A permit that somebody has brought to the coin before serves as well.
    function payCoPayWithPermit(Quote calldata quote, bytes calldata signature, CoPayPermit calldata permit) external;

    /// @notice Pays of the patient's share for it. Only `ASSISTANCE_ROLE`.
    function payAssistance(Quote calldata quote, bytes calldata signature, uint96 amount) external payable;

    /// @notice Gives back what a payer has paid: from what the payee has here, or from its wallet. Only the payee's payout address.
    /// @param payer The payer of a patient's share; of an insurer's it does not matter.
    function refund(
        bytes32 claim,
        bytes32 insurer,
        Payer kind,
        address payer,
        uint96 amount,
        bool fromWallet
    ) external payable;

    /// @notice Ends a claim's payments for good. Anybody brings what the insurer's signer has signed.
    function reverse(bytes32 claim, bytes32 insurer, bytes calldata signature) external;

    /// @notice Takes out what a payee was paid, to its payout address, which alone may.
    function withdraw(bytes32 payee, address coin, uint256 amount) external;

    /// @notice Takes out all that was given back to a payer, to that payer; anybody may bring it about.
    function withdrawRefund(address payer, address coin) external;

    /// @notice Takes out what lies here and is on nobody's account. Only the admin.
    function sweep(address coin, address to) external;

    /// @notice What an insurer has quoted for a claim, and what is paid of it.
    function billOf(bytes32 claim, bytes32 insurer) external view returns (Bill memory);
    function paidBy(bytes32 claim, bytes32 insurer, Payer kind, address payer) external view returns (uint256);
    function purseOf(bytes32 insurer, address coin) external view returns (Purse memory);
    function insurerOf(bytes32 insurer) external view returns (address treasurer, address signer);
    function rightsOf(bytes32 insurer, address account) external view returns (bool spends, bool releases);
    function payoutOf(bytes32 payee) external view returns (address);
    function withdrawableOf(bytes32 payee, address coin) external view returns (uint256);
    function refundableOf(address payer, address coin) external view returns (uint256);

    /// @notice What is on anybody's account here. The coin's balance is at least as much.
    function heldOf(address coin) external view returns (uint256);

    /// @notice The coin's smallest units in one minor unit of the currency that it stands for; 0 where nothing is paid in it.
    function minorUnitOf(address coin) external view returns (uint256);

    /// @notice The EIP-712 digests that an insurer's signer signs.
    function quoteDigest(Quote calldata quote) external view returns (bytes32);
    function reversalDigest(bytes32 claim, bytes32 insurer) external view returns (bytes32);

    /// @notice The deadline that a payer's permit has: 27 bytes of the quote's digest, then 5 of `validUntil`.
    function permitDeadline(Quote calldata quote, uint40 validUntil) external view returns (uint256);
}
