// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {InsurerAccounts} from "./InsurerAccounts.sol";
import {ICareSettlement} from "./ICareSettlement.sol";

/// @title The newest quote of each claim by each insurer, and what was paid of it
/// @dev What another insurer quotes for the same reference has nothing to do with it: no reference can be taken from whose it is.
abstract contract QuoteBook is InsurerAccounts, EIP712 {
    /// @dev Three slots; the third is all that an insurer's payment changes of a quote that is known.
    struct Entry {
        address coin;
        uint32 version;
        uint32 insurer;
        uint32 payee;
        uint96 insurerAmount;
        uint96 patientAmount;
        uint40 expires;
        bool reversed;
        uint96 insurerPaid;
        uint96 patientPaid;
        mapping(Payer kind => mapping(address payer => uint256)) paidBy;
        address proposer;
        uint32 proposed;
    }

    /// @notice Names payees' payout addresses.
    bytes32 public constant PAYEE_REGISTRAR_ROLE = keccak256("PAYEE_REGISTRAR_ROLE");

    /// @notice EIP-712 type hash of a quote.
    bytes32 public constant QUOTE_TYPEHASH =
        keccak256(
            "Quote(bytes32 claim,bytes32 insurer,bytes32 payee,address coin,uint96 insurerAmount,uint96 patientAmount,uint32 version,uint40 expires)"
        );

    /// @notice EIP-712 type hash of a reversal.
    bytes32 public constant REVERSAL_TYPEHASH = keccak256("Reversal(bytes32 claim,bytes32 insurer)");

    // Filled by `_bring`, through a pointer into it.
    // slither-disable-next-line uninitialized-state
    mapping(bytes32 insurer => mapping(bytes32 claim => Entry)) internal _entries;
    mapping(bytes32 payee => uint32) private _payeeNumbers;
    mapping(uint32 number => bytes32) private _payees;
    mapping(uint32 number => address) private _payouts;
    uint32 private _lastPayee;

    constructor() EIP712("Medloom CareSettlement", "2") {}

    /// @inheritdoc ICareSettlement
    function setPayee(bytes32 payee, address payout) external onlyRole(PAYEE_REGISTRAR_ROLE) {
        if (payout == address(0)) revert ZeroAddress();
        uint32 number = _payeeNumbers[payee];
        if (number == 0) {
            number = ++_lastPayee;
            _payeeNumbers[payee] = number;
            _payees[number] = payee;
        }
        _payouts[number] = payout;
        emit PayeeSet(payee, payout);
    }

    /// @inheritdoc ICareSettlement
    function reverse(bytes32 claim, bytes32 insurer, bytes calldata signature) external {
        uint32 number = _numberOf(insurer);
        Entry storage entry = _entries[insurer][claim];
        if (entry.reversed) revert ClaimReversed(claim);
        _requireSigned(number, reversalDigest(claim, insurer), signature);
        (entry.insurer, entry.reversed) = (number, true);
        emit Reversed(claim, insurer);
    }

    /// @inheritdoc ICareSettlement
    function billOf(bytes32 claim, bytes32 insurer) external view returns (Bill memory) {
        Entry storage entry = _entries[insurer][claim];
        return
            Bill({
                insurer: entry.insurer == 0 ? bytes32(0) : insurer,
                payee: _payees[entry.payee],
                coin: entry.coin,
                version: entry.version,
                expires: entry.expires,
                reversed: entry.reversed,
                insurerAmount: entry.insurerAmount,
                patientAmount: entry.patientAmount,
                insurerPaid: entry.insurerPaid,
                patientPaid: entry.patientPaid
            });
    }

    /// @inheritdoc ICareSettlement
    function payoutOf(bytes32 payee) external view returns (address) {
        return _payouts[_payeeNumbers[payee]];
    }

    /// @inheritdoc ICareSettlement
    function permitDeadline(Quote calldata quote, uint40 validUntil) external view returns (uint256) {
        return _deadline(quoteDigest(quote), validUntil);
    }

    /// @inheritdoc ICareSettlement
    function quoteDigest(Quote calldata quote) public view returns (bytes32) {
        // Static members only, encoded as they are, one after another.
        return _hashTypedDataV4(keccak256(abi.encode(QUOTE_TYPEHASH, quote)));
    }

    /// @inheritdoc ICareSettlement
    function reversalDigest(bytes32 claim, bytes32 insurer) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REVERSAL_TYPEHASH, claim, insurer)));
    }

    /// @dev Takes a quote in, or finds it known, and answers what may be paid by it. A known version's signature was checked before.
    function _bring(Quote calldata quote, bytes calldata signature) internal returns (Entry storage entry) {
        bytes32 claim = quote.claim;
        entry = _entries[quote.insurer][claim];
        _requirePayable(claim, entry, quote.expires, quote.coin);
        uint32 number = _numberOf(quote.insurer);
        uint32 payee = _payeeNumber(quote.payee);
        if (quote.version <= entry.version) {
            if (quote.version < entry.version || quote.version == 0)
                revert QuoteStale(claim, entry.version, quote.version);
            if (!_isSame(entry, quote, payee)) revert QuoteConflict(claim, quote.version);
            return entry;
        }
        _requireSigned(number, quoteDigest(quote), signature);
        if (entry.version != 0) _requireUnpaid(entry, quote, payee);
        (entry.coin, entry.version, entry.insurer, entry.payee) = (quote.coin, quote.version, number, payee);
        (entry.insurerAmount, entry.patientAmount) = (quote.insurerAmount, quote.patientAmount);
        entry.expires = quote.expires;
    }

    function _requirePayable(bytes32 claim, Entry storage entry, uint40 expires, address coin) internal view {
        if (entry.reversed) revert ClaimReversed(claim);
        // Days ahead, for whoever pays late: within a proposer's seconds of it either answer is right.
        // slither-disable-next-line timestamp
        if (block.timestamp > expires) revert QuoteExpired(claim, expires);
        _requireAllowed(coin);
    }

    /// @dev Who signs what is quoted, or reversed: the insurer's signer of now.
    function _requireSigned(uint32 number, bytes32 digest, bytes calldata signature) private view {
        // Refuses a wrong length and the malleable upper half of `s`.
        address signer = ECDSA.recoverCalldata(digest, signature);
        if (signer != _insurer(number).signer) revert NotSigned(_insurer(number).id, signer);
    }

    /// @dev What is paid keeps payee and coin, and the insurer's share does not fall below what is paid of it: more is owed after an appeal,
    /// and then the difference alone is paid. The patient's falls as an appeal says, so that what a patient has paid already keeps no
    /// insurer from paying; what is too much of it the payee gives back.
    function _requireUnpaid(Entry storage entry, Quote calldata quote, uint32 payee) private view {
        bool moves = entry.coin != quote.coin || entry.payee != payee;
        uint96 paid = entry.insurerPaid;
        if (paid > quote.insurerAmount || (moves && paid != 0)) revert AlreadyPaid(quote.claim, paid);
        paid = entry.patientPaid;
        if (moves && paid != 0) revert AlreadyPaid(quote.claim, paid);
    }

    function _payeeNumber(bytes32 payee) internal view returns (uint32 number) {
        number = _payeeNumbers[payee];
        if (number == 0) revert UnknownPayee(payee);
    }

    function _payout(uint32 payee) internal view returns (address) {
        return _payouts[payee];
    }

    function _payee(uint32 number) internal view returns (bytes32) {
        return _payees[number];
    }

    function _deadline(bytes32 digest, uint40 validUntil) internal pure returns (uint256) {
        return (uint256(digest) << 40) | validUntil;
    }

    function _isSame(Entry storage entry, Quote calldata quote, uint32 payee) private view returns (bool) {
        return
            entry.coin == quote.coin &&
            entry.payee == payee &&
            entry.insurerAmount == quote.insurerAmount &&
            entry.patientAmount == quote.patientAmount &&
            entry.expires == quote.expires;
    }
}
