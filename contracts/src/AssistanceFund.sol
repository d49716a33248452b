// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAssistanceFund} from "./IAssistanceFund.sol";
import {ICareSettlement} from "./ICareSettlement.sol";

/// @title AssistanceFund
/// @notice Pays patients' shares from gifts: see `IAssistanceFund`.
/// @dev One coin. What it has is its balance, so that nothing that comes in is ever stuck; of that, `_granted` is promised.
contract AssistanceFund is AccessControl, ReentrancyGuardTransient, IAssistanceFund {
    using SafeERC20 for IERC20;

    /// @notice Grants help.
    bytes32 public constant OFFICER_ROLE = keccak256("OFFICER_ROLE");

    ICareSettlement public immutable settlement;
    IERC20 public immutable coin;

    Rules private _rules;
    mapping(bytes32 claim => Grant) private _grants;
    mapping(bytes32 tag => uint256) private _givenUnder;
    mapping(uint40 period => uint256) private _inPeriod;
    mapping(uint40 period => mapping(bytes32 beneficiary => uint256)) private _forBeneficiary;
    uint256 private _given;
    uint256 private _granted;
    uint256 private _paid;

    /// @param admin Appoints officers and sets the rules.
    /// @param settlement_ Where it pays; it needs `ASSISTANCE_ROLE` there.
    /// @param coin_ What it holds and pays in.
    constructor(address admin, ICareSettlement settlement_, IERC20 coin_) {
        if (admin == address(0) || address(settlement_) == address(0) || address(coin_) == address(0))
            revert ZeroAddress();
        (settlement, coin) = (settlement_, coin_);
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc IAssistanceFund
    function give(uint128 amount, bytes32 tag) external nonReentrant {
        if (amount == 0) revert NothingGiven();
        _given += amount;
        _givenUnder[tag] += amount;
        emit Given(tag, amount);
        uint256 before = coin.balanceOf(address(this));
        coin.safeTransferFrom(_msgSender(), address(this), amount);
        uint256 received = coin.balanceOf(address(this)) - before;
        if (received != amount) revert AmountNotReceived(amount, received);
    }

    /// @inheritdoc IAssistanceFund
    function setRules(Rules calldata wanted) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (wanted.period == 0) revert NoPeriod();
        _rules = wanted;
        emit RulesSet(wanted);
    }

    /// @inheritdoc IAssistanceFund
    function grant(
        bytes32 claim,
        bytes32 insurer,
        bytes32 payee,
        bytes32 beneficiary,
        uint128 amount,
        uint40 deadline
    ) external onlyRole(OFFICER_ROLE) {
        if (_grants[claim].deadline != 0) revert GrantExists(claim);
        // Days ahead: a proposer's seconds change nothing of a grant that is.
        // slither-disable-next-line timestamp
        if (deadline <= block.timestamp || deadline > block.timestamp + _rules.grantLife)
            revert DeadlineRefused(deadline);
        uint40 period = _count(beneficiary, amount);
        uint256 left = _left();
        if (amount > left) revert TooLittleFunds(left, amount);
        _granted += amount;
        _grants[claim] = Grant(insurer, payee, beneficiary, amount, deadline, period);
        emit Granted(claim, payee, amount, deadline);
    }

    /// @inheritdoc IAssistanceFund
    function pay(
        ICareSettlement.Quote calldata quote,
        bytes calldata signature
    ) external nonReentrant returns (uint256 amount) {
        Grant storage own = _grants[quote.claim];
        if (own.left == 0) revert NoGrant(quote.claim);
        // slither-disable-next-line timestamp
        if (block.timestamp > own.deadline) revert GrantOver(quote.claim, own.deadline);
        // Another insurer's quote for the same reference is of nothing that was granted.
        if (own.insurer != quote.insurer) revert OtherInsurer(quote.claim, own.insurer, quote.insurer);
        if (own.payee != quote.payee) revert OtherPayee(quote.claim, own.payee, quote.payee);
        if (address(coin) != quote.coin) revert OtherCoin(quote.coin);
        // Of a quote that is not known there yet nothing is paid; one that is not the newest is refused there.
        uint256 before = settlement.billOf(quote.claim, quote.insurer).patientPaid;
        uint256 owed = quote.patientAmount > before ? quote.patientAmount - before : 0;
        amount = owed < own.left ? owed : own.left;
        if (amount == 0) revert NothingOwed(quote.claim);
        own.left -= uint128(amount);
        _granted -= amount;
        _paid += amount;
        emit GrantPaid(quote.claim, amount);
        coin.forceApprove(address(settlement), amount);
        settlement.payAssistance(quote, signature, uint96(amount));
    }

    /// @inheritdoc IAssistanceFund
    function endGrant(bytes32 claim) external {
        Grant storage own = _grants[claim];
        if (own.deadline == 0) revert NoGrant(claim);
        // slither-disable-next-line timestamp
        if (block.timestamp <= own.deadline && !hasRole(OFFICER_ROLE, _msgSender()))
            revert GrantStands(claim, own.deadline);
        uint256 left = own.left;
        _granted -= left;
        _inPeriod[own.inPeriod] -= left;
        _forBeneficiary[own.inPeriod][own.beneficiary] -= left;
        delete _grants[claim];
        emit GrantEnded(claim, left);
    }

    /// @inheritdoc IAssistanceFund
    function takeRefund() external nonReentrant {
        uint256 amount = settlement.refundableOf(address(this), address(coin));
        _paid -= amount;
        emit RefundTaken(amount);
        settlement.withdrawRefund(address(this), address(coin));
    }

    /// @inheritdoc IAssistanceFund
    function handOver(address to, uint256 amount) external nonReentrant onlyRole(DEFAULT_ADMIN_ROLE) {
        if (to == address(0)) revert ZeroAddress();
        uint256 left = _left();
        if (amount > left) revert TooLittleFunds(left, amount);
        emit HandedOver(to, amount);
        coin.safeTransfer(to, amount);
    }

    /// @inheritdoc IAssistanceFund
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc IAssistanceFund
    function grantOf(bytes32 claim) external view returns (Grant memory) {
        return _grants[claim];
    }

    /// @inheritdoc IAssistanceFund
    function books() external view returns (uint256 given, uint256 granted, uint256 paid, uint256 left) {
        return (_given, _granted, _paid, _left());
    }

    /// @inheritdoc IAssistanceFund
    function givenUnder(bytes32 tag) external view returns (uint256) {
        return _givenUnder[tag];
    }

    /// @inheritdoc IAssistanceFund
    function grantedIn(uint40 period, bytes32 beneficiary) external view returns (uint256 all, uint256 own) {
        return (_inPeriod[period], _forBeneficiary[period][beneficiary]);
    }

    /// @dev Counts a grant to budget and beneficiary, and holds it against the rules.
    function _count(bytes32 beneficiary, uint128 amount) private returns (uint40 period) {
        Rules storage held = _rules;
        if (amount == 0 || amount > held.perGrant) revert AboveGrantLimit(held.perGrant, amount);
        // A proposer's seconds decide at most to which of two periods it counts.
        // slither-disable-next-line timestamp
        period = uint40(block.timestamp / held.period);
        uint256 all = _inPeriod[period];
        if (all + amount > held.perPeriod) revert AboveBudget(held.perPeriod > all ? held.perPeriod - all : 0, amount);
        uint256 own = _forBeneficiary[period][beneficiary];
        if (own + amount > held.perBeneficiary)
            revert AboveBeneficiaryLimit(held.perBeneficiary > own ? held.perBeneficiary - own : 0, amount);
        (_inPeriod[period], _forBeneficiary[period][beneficiary]) = (all + amount, own + amount);
    }

    /// @dev What can be granted. A coin that takes away from balances leaves less than is promised: then nothing.
    function _left() private view returns (uint256) {
        uint256 balance = coin.balanceOf(address(this));
        return balance > _granted ? balance - _granted : 0;
    }
}
