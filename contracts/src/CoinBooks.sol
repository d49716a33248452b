// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICareSettlement} from "./ICareSettlement.sol";

/// @title What comes in and goes out, measured, and how much of it is on somebody's account
/// @dev Every amount on any account is counted in `_held`; what lies here beyond it is nobody's.
abstract contract CoinBooks is AccessControl, Pausable, ReentrancyGuardTransient, ICareSettlement {
    using SafeERC20 for IERC20;

    /// @notice Ends and resumes payments; what is on somebody's account can be taken out at any time.
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");

    struct Terms {
        uint96 minorUnit;
        bool allowed;
    }

    mapping(address coin => Terms) private _terms;
    mapping(address coin => uint256) private _held;

    /// @notice Lets payments be made in a coin, or no more. Only the admin.
    /// @param minorUnit The coin's smallest units in one minor unit of the currency that it stands for; 0 allows it no more.
    function allowCoin(address coin, uint96 minorUnit) external onlyRole(DEFAULT_ADMIN_ROLE) {
        Terms storage terms = _terms[coin];
        terms.allowed = minorUnit != 0;
        // What is paid is given back in whole units also once nothing more is paid in it.
        if (minorUnit != 0) terms.minorUnit = minorUnit;
        emit CoinAllowed(coin, minorUnit);
    }

    /// @notice Stops payments. Withdrawals, refunds and reversals go on.
    function pause() external onlyRole(PAUSER_ROLE) {
        _pause();
    }

    /// @notice Resumes payments.
    function unpause() external onlyRole(PAUSER_ROLE) {
        _unpause();
    }

    /// @inheritdoc ICareSettlement
    function sweep(address coin, address to) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        if (to == address(0)) revert ZeroAddress();
        uint256 amount = _balance(coin) - _held[coin];
        emit Swept(coin, to, amount);
        _send(coin, to, amount);
    }

    /// @inheritdoc ICareSettlement
    function heldOf(address coin) external view returns (uint256) {
        return _held[coin];
    }

    /// @inheritdoc ICareSettlement
    function minorUnitOf(address coin) external view returns (uint256) {
        Terms storage terms = _terms[coin];
        return terms.allowed ? terms.minorUnit : 0;
    }

    function _requireAllowed(address coin) internal view {
        if (!_terms[coin].allowed) revert CoinNotAllowed(coin);
    }

    /// @dev Of a coin that is allowed, or was: other amounts could not be named where claims lie.
    function _requireWhole(address coin, uint256 amount) internal view {
        uint256 unit = _terms[coin].minorUnit;
        if (amount % unit != 0) revert NotWhole(coin, unit, amount);
    }

    /// @dev Takes an amount from a wallet that has agreed: the caller's, or that of a permit that was checked. All of it must arrive.
    // Payable functions of the contracts that inherit come here.
    // slither-disable-next-line msg-value-in-nonpayable
    function _takeIn(address coin, address from, uint256 amount) internal {
        _held[coin] += amount;
        if (coin == address(0)) {
            if (msg.value != amount) revert WrongValue(amount, msg.value);
            return;
        }
        if (msg.value != 0) revert WrongValue(0, msg.value);
        uint256 before = IERC20(coin).balanceOf(address(this));
        // From the caller, or from whoever signed a permit for this very payment.
        // slither-disable-next-line arbitrary-send-erc20,arbitrary-send-erc20-permit
        IERC20(coin).safeTransferFrom(from, address(this), amount);
        uint256 received = IERC20(coin).balanceOf(address(this)) - before;
        if (received != amount) revert AmountNotReceived(coin, amount, received);
    }

    /// @dev Sends an amount that its owner's account here no longer has.
    function _payOut(address coin, address to, uint256 amount) internal {
        _held[coin] -= amount;
        _send(coin, to, amount);
    }

    /// @dev More than the amount never leaves: the rest is other people's.
    function _send(address coin, address to, uint256 amount) private {
        uint256 before = _balance(coin);
        if (coin == address(0)) {
            // To whom the account belongs, whatever that address does with it; no state is written after it.
            // slither-disable-next-line arbitrary-send-eth,low-level-calls
            (bool sent, ) = to.call{value: amount}("");
            if (!sent) revert EtherRefused(to, amount);
        } else {
            IERC20(coin).safeTransfer(to, amount);
        }
        uint256 left = _balance(coin);
        // Nothing here can be called from within that call: every function that moves money is `nonReentrant`.
        // slither-disable-next-line reentrancy-balance
        if (left + amount < before) revert AmountNotReceived(coin, amount, before - left);
    }

    function _balance(address coin) private view returns (uint256) {
        return coin == address(0) ? address(this).balance : IERC20(coin).balanceOf(address(this));
    }
}
