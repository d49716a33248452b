// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {QuoteBook} from "./QuoteBook.sol";
import {ICareSettlement} from "./ICareSettlement.sol";

/// @title CareSettlement
/// @notice Pays claims: see `ICareSettlement`.
/// @dev Effects come before any call to a coin or a wallet, no such call comes back in (`nonReentrant`), and what arrived is measured.
contract CareSettlement is QuoteBook {
    /// @notice Pays patients' shares for them: the assistance fund.
    bytes32 public constant ASSISTANCE_ROLE = keccak256("ASSISTANCE_ROLE");

    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    mapping(bytes32 digest => bool) private _permits;
    mapping(uint32 payee => mapping(address coin => uint256)) private _withdrawable;
    mapping(address payer => mapping(address coin => uint256)) private _refundable;

    /// @param admin Appoints registrars, pausers and assistance funds, and allows coins.
    constructor(address admin) {
        if (admin == address(0)) revert ZeroAddress();
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc ICareSettlement
    function settle(Quote calldata quote, bytes calldata signature, uint96 amount) external whenNotPaused nonReentrant {
        _settle(quote, signature, amount, false);
    }

    /// @inheritdoc ICareSettlement
    function settleBatch(Quote[] calldata quotes, bytes[] calldata signatures) external whenNotPaused nonReentrant {
        if (quotes.length != signatures.length) revert UnequalLengths(quotes.length, signatures.length);
        for (uint256 i = 0; i < quotes.length; ++i) _settle(quotes[i], signatures[i], 0, true);
    }

    /// @inheritdoc ICareSettlement
    function propose(Quote calldata quote, bytes calldata signature) external whenNotPaused {
        Entry storage entry = _bring(quote, signature);
        _requireSpender(entry.insurer);
        if (entry.insurerPaid == entry.insurerAmount) revert NotOwed(quote.claim, 0, 0);
        (entry.proposer, entry.proposed) = (_msgSender(), quote.version);
        emit Proposed(quote.claim, quote.insurer, quote.version, _msgSender());
    }

    /// @inheritdoc ICareSettlement
    function release(bytes32 claim, bytes32 insurer, uint32 version) external whenNotPaused {
        Entry storage entry = _entries[insurer][claim];
        address spender = entry.proposer;
        if (spender == address(0) || entry.proposed != version) revert NotProposed(claim, version);
        if (entry.version != version) revert QuoteStale(claim, entry.version, version);
        _requirePayable(claim, entry, entry.expires, entry.coin);
        _requireReleaser(entry.insurer, spender);
        (entry.proposer, entry.proposed) = (address(0), 0);
        uint96 amount = entry.insurerAmount - entry.insurerPaid;
        emit Released(claim, insurer, version, _msgSender());
        _debit(entry.insurer, entry.coin, amount);
        _pay(claim, insurer, entry, Payer.Insurer, address(this), amount);
    }

    /// @inheritdoc ICareSettlement
    function payShare(
        Quote calldata quote,
        bytes calldata signature,
        uint96 amount
    ) external payable whenNotPaused nonReentrant {
        Entry storage entry = _bring(quote, signature);
        _requireSpender(entry.insurer);
        _payFrom(_msgSender(), Payer.Insurer, quote, entry, amount);
    }

    /// @inheritdoc ICareSettlement
    function payCoPay(
        Quote calldata quote,
        bytes calldata signature,
        uint96 amount
    ) external payable whenNotPaused nonReentrant {
        _payFrom(_msgSender(), Payer.Patient, quote, _bring(quote, signature), amount);
    }

    /// @inheritdoc ICareSettlement
    function payCoPayWithPermit(
        Quote calldata quote,
        bytes calldata signature,
        CoPayPermit calldata permit
    ) external whenNotPaused nonReentrant {
        // Minutes ahead, for whoever brings it late.
        // slither-disable-next-line timestamp
        if (block.timestamp > permit.validUntil) revert PermitExpired(permit.validUntil);
        Entry storage entry = _bring(quote, signature);
        uint256 deadline = _deadline(quoteDigest(quote), permit.validUntil);
        _usePermit(quote.coin, permit, deadline);
        _pay(quote.claim, quote.insurer, entry, Payer.Patient, permit.payer, permit.amount);
        // Whoever brought it to the coin before has only done this in advance: the allowance stands, and serves nothing else here.
        // What is written after it is the sum of what is held, and nothing can come back in meanwhile.
        // slither-disable-next-line reentrancy-benign
        try
            IERC20Permit(quote.coin).permit(
                permit.payer,
                address(this),
                permit.amount,
                deadline,
                permit.v,
                permit.r,
                permit.s
            )
        {} catch {}
        _takeIn(quote.coin, permit.payer, permit.amount);
    }

    /// @inheritdoc ICareSettlement
    function payAssistance(
        Quote calldata quote,
        bytes calldata signature,
        uint96 amount
    ) external payable whenNotPaused nonReentrant onlyRole(ASSISTANCE_ROLE) {
        _payFrom(_msgSender(), Payer.Assistance, quote, _bring(quote, signature), amount);
    }

    /// @inheritdoc ICareSettlement
    function refund(
        bytes32 claim,
        bytes32 insurer,
        Payer kind,
        address payer,
        uint96 amount,
        bool fromWallet
    ) external payable nonReentrant {
        Entry storage entry = _entries[insurer][claim];
        if (entry.payee == 0) revert UnknownClaim(claim);
        if (_payout(entry.payee) != _msgSender()) revert NotPayee(_payee(entry.payee), _msgSender());
        if (kind == Payer.Insurer) payer = address(this);
        _giveBack(claim, entry, kind, payer, amount);
        emit Refunded(claim, kind, payer, _payee(entry.payee), entry.coin, amount, insurer, fromWallet);
        if (fromWallet) {
            _takeIn(entry.coin, _msgSender(), amount);
        } else {
            if (msg.value != 0) revert WrongValue(0, msg.value);
            _lower(_withdrawable[entry.payee], entry.coin, amount);
        }
    }

    /// @inheritdoc ICareSettlement
    function withdraw(bytes32 payee, address coin, uint256 amount) external nonReentrant {
        uint32 number = _payeeNumber(payee);
        if (_payout(number) != _msgSender()) revert NotPayee(payee, _msgSender());
        _lower(_withdrawable[number], coin, amount);
        emit Withdrawn(payee, coin, _msgSender(), amount);
        _payOut(coin, _msgSender(), amount);
    }

    /// @inheritdoc ICareSettlement
    function withdrawRefund(address payer, address coin) external nonReentrant {
        uint256 amount = _refundable[payer][coin];
        if (amount == 0) revert TooLittleToWithdraw(0, 0);
        _refundable[payer][coin] = 0;
        emit RefundWithdrawn(payer, coin, amount);
        _payOut(coin, payer, amount);
    }

    /// @inheritdoc ICareSettlement
    function paidBy(bytes32 claim, bytes32 insurer, Payer kind, address payer) external view returns (uint256) {
        return _entries[insurer][claim].paidBy[kind][payer];
    }

    /// @inheritdoc ICareSettlement
    function withdrawableOf(bytes32 payee, address coin) external view returns (uint256) {
        return _withdrawable[_payeeNumber(payee)][coin];
    }

    /// @inheritdoc ICareSettlement
    function refundableOf(address payer, address coin) external view returns (uint256) {
        return _refundable[payer][coin];
    }

    function _settle(Quote calldata quote, bytes calldata signature, uint96 amount, bool all) private {
        Entry storage entry = _bring(quote, signature);
        uint32 insurer = entry.insurer;
        _requireSpender(insurer);
        _requireBelowThreshold(insurer, quote.coin, quote.claim, quote.insurerAmount);
        if (all) amount = entry.insurerAmount - entry.insurerPaid;
        _pay(quote.claim, quote.insurer, entry, Payer.Insurer, address(this), amount);
        _spend(insurer, quote.coin, amount);
    }

    function _payFrom(address wallet, Payer kind, Quote calldata quote, Entry storage entry, uint96 amount) private {
        _pay(quote.claim, quote.insurer, entry, kind, wallet, amount);
        _takeIn(quote.coin, wallet, amount);
    }

    /// @dev Writes a payment down. The money is taken from where it comes from beside it.
    function _pay(
        bytes32 claim,
        bytes32 insurer,
        Entry storage entry,
        Payer kind,
        address payer,
        uint96 amount
    ) private {
        bool insurers = kind == Payer.Insurer;
        uint96 left = insurers ? entry.insurerAmount - entry.insurerPaid : _leftToPatient(entry);
        if (amount == 0 || amount > left) revert NotOwed(claim, left, amount);
        if (insurers) {
            entry.insurerPaid += amount;
        } else {
            entry.patientPaid += amount;
            entry.paidBy[kind][payer] += amount;
        }
        address coin = entry.coin;
        _requireWhole(coin, amount);
        uint32 payee = entry.payee;
        _withdrawable[payee][coin] += amount;
        emit Paid(claim, kind, payer, _payee(payee), coin, amount, insurer);
    }

    /// @dev Nothing where more is paid than an appeal has left.
    function _leftToPatient(Entry storage entry) private view returns (uint96) {
        (uint96 share, uint96 paid) = (entry.patientAmount, entry.patientPaid);
        return share > paid ? share - paid : 0;
    }

    /// @dev Takes a payment back, and puts it on the account of who paid.
    function _giveBack(bytes32 claim, Entry storage entry, Payer kind, address payer, uint96 amount) private {
        uint256 paid = kind == Payer.Insurer ? entry.insurerPaid : entry.paidBy[kind][payer];
        if (amount == 0 || amount > paid) revert NotPaid(claim, paid, amount);
        // Nothing is kept that was paid by another unit than the coin's of now.
        if (amount != paid) _requireWhole(entry.coin, amount);
        if (kind == Payer.Insurer) {
            entry.insurerPaid -= amount;
            _credit(entry.insurer, entry.coin, amount);
        } else {
            entry.patientPaid -= amount;
            entry.paidBy[kind][payer] -= amount;
            _refundable[payer][entry.coin] += amount;
        }
    }

    /// @dev Checks a payer's permit here, whether or not the coin has taken it already: it is of this quote, and counts once.
    function _usePermit(address coin, CoPayPermit calldata permit, uint256 deadline) private {
        bytes32 words = keccak256(
            abi.encode(PERMIT_TYPEHASH, permit.payer, address(this), permit.amount, permit.nonce, deadline)
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(IERC20Permit(coin).DOMAIN_SEPARATOR(), words);
        address signer = ECDSA.recover(digest, permit.v, permit.r, permit.s);
        if (signer != permit.payer) revert PermitInvalid(signer, permit.payer);
        if (_permits[digest]) revert PermitUsed(digest);
        _permits[digest] = true;
    }

    function _lower(mapping(address coin => uint256) storage balances, address coin, uint256 amount) private {
        uint256 balance = balances[coin];
        if (amount > balance) revert TooLittleToWithdraw(balance, amount);
        balances[coin] = balance - amount;
    }
}
