// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CoinBooks} from "./CoinBooks.sol";
import {ICareSettlement} from "./ICareSettlement.sol";

/// @title Insurers: who signs, who pays, who releases, and what they have prefunded
/// @dev An insurer has a number, so that a bill needs four bytes to name it.
abstract contract InsurerAccounts is CoinBooks {
    struct Insurer {
        bytes32 id;
        address treasurer;
        address signer;
    }

    struct Rights {
        bool spends;
        bool releases;
    }

    /// @notice Names the treasurers of insurers.
    bytes32 public constant INSURER_REGISTRAR_ROLE = keccak256("INSURER_REGISTRAR_ROLE");

    mapping(bytes32 id => uint32) private _numbers;
    mapping(uint32 number => Insurer) private _insurers;
    mapping(uint32 number => mapping(address account => Rights)) private _rights;
    mapping(uint32 number => mapping(address coin => Purse)) private _purses;
    uint32 private _last;

    /// @inheritdoc ICareSettlement
    function setTreasurer(bytes32 insurer, address treasurer) external onlyRole(INSURER_REGISTRAR_ROLE) {
        if (treasurer == address(0)) revert ZeroAddress();
        uint32 number = _numbers[insurer];
        if (number == 0) {
            number = ++_last;
            _numbers[insurer] = number;
            _insurers[number].id = insurer;
        }
        _insurers[number].treasurer = treasurer;
        emit TreasurerSet(insurer, treasurer);
    }

    /// @inheritdoc ICareSettlement
    function setSigner(bytes32 insurer, address signer) external {
        // Of zero nobody has a signature: that stops an insurer's quotes.
        // slither-disable-next-line missing-zero-check
        _insurers[_asTreasurer(insurer)].signer = signer;
        emit SignerSet(insurer, signer);
    }

    /// @inheritdoc ICareSettlement
    function setRights(bytes32 insurer, address account, bool spends, bool releases) external {
        _rights[_asTreasurer(insurer)][account] = Rights(spends, releases);
        emit RightsSet(insurer, account, spends, releases);
    }

    /// @inheritdoc ICareSettlement
    function setLimits(bytes32 insurer, address coin, uint128 perDay, uint96 releaseAbove) external {
        Purse storage purse = _purses[_asTreasurer(insurer)][coin];
        (purse.perDay, purse.releaseAbove) = (perDay, releaseAbove);
        emit LimitsSet(insurer, coin, perDay, releaseAbove);
    }

    /// @inheritdoc ICareSettlement
    function deposit(bytes32 insurer, address coin, uint128 amount) external payable whenNotPaused nonReentrant {
        _requireAllowed(coin);
        _purses[_numberOf(insurer)][coin].balance += amount;
        emit Deposited(insurer, coin, _msgSender(), amount);
        _takeIn(coin, _msgSender(), amount);
    }

    /// @inheritdoc ICareSettlement
    function withdrawFunds(bytes32 insurer, address coin, uint128 amount) external nonReentrant {
        _debit(_asTreasurer(insurer), coin, amount);
        emit FundsWithdrawn(insurer, coin, _msgSender(), amount);
        _payOut(coin, _msgSender(), amount);
    }

    /// @inheritdoc ICareSettlement
    function purseOf(bytes32 insurer, address coin) external view returns (Purse memory) {
        return _purses[_numbers[insurer]][coin];
    }

    /// @inheritdoc ICareSettlement
    function insurerOf(bytes32 insurer) external view returns (address treasurer, address signer) {
        Insurer storage known = _insurers[_numbers[insurer]];
        return (known.treasurer, known.signer);
    }

    /// @inheritdoc ICareSettlement
    function rightsOf(bytes32 insurer, address account) external view returns (bool spends, bool releases) {
        Rights storage rights = _rights[_numbers[insurer]][account];
        return (rights.spends, rights.releases);
    }

    function _numberOf(bytes32 insurer) internal view returns (uint32 number) {
        number = _numbers[insurer];
        if (number == 0) revert UnknownInsurer(insurer);
    }

    /// @dev The insurer whose treasurer calls.
    function _asTreasurer(bytes32 insurer) private view returns (uint32 number) {
        number = _numberOf(insurer);
        if (_insurers[number].treasurer != _msgSender()) revert NotTreasurer(insurer, _msgSender());
    }

    function _insurer(uint32 number) internal view returns (Insurer storage) {
        return _insurers[number];
    }

    function _requireSpender(uint32 number) internal view {
        if (!_rights[number][_msgSender()].spends) revert NotSpender(_insurers[number].id, _msgSender());
    }

    function _requireReleaser(uint32 number, address proposer) internal view {
        if (!_rights[number][_msgSender()].releases) revert NotReleaser(_insurers[number].id, _msgSender());
        if (proposer == _msgSender()) revert SamePerson(proposer);
    }

    /// @dev The threshold is of the whole share: paid in parts, it is the same.
    function _requireBelowThreshold(uint32 number, address coin, bytes32 claim, uint256 share) internal view {
        uint256 most = _purses[number][coin].releaseAbove;
        if (share > most) revert NeedsRelease(claim, share, most);
    }

    /// @dev Takes an amount from an account, within what is left of the day's limit.
    function _spend(uint32 number, address coin, uint128 amount) internal {
        Purse storage purse = _purses[number][coin];
        uint32 today = uint32(block.timestamp / 1 days);
        // A proposer's seconds decide at most to which of two days a payment at midnight belongs.
        // slither-disable-next-line timestamp,incorrect-equality
        uint128 spent = purse.day == today ? purse.spent : 0;
        uint128 left = purse.perDay > spent ? purse.perDay - spent : 0;
        // slither-disable-next-line timestamp
        if (amount > left) revert DailyLimit(_insurers[number].id, coin, left, amount);
        (purse.day, purse.spent) = (today, spent + amount);
        _debit(number, coin, amount);
    }

    function _debit(uint32 number, address coin, uint128 amount) internal {
        Purse storage purse = _purses[number][coin];
        if (amount > purse.balance) revert TooLittleFunds(_insurers[number].id, coin, purse.balance, amount);
        purse.balance -= amount;
    }

    function _credit(uint32 number, address coin, uint128 amount) internal {
        _purses[number][coin].balance += amount;
    }
}
