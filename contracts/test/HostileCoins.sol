// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Takes one in a hundred of what is moved
contract FeeCoin is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(to, address(0), amount / 100);
    }
}

/// @title Moves more than it is told to: to whom it is sent, and from whom it is sent
contract GreedyCoin is ERC20("Greedy", "GRD") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        _burn(msg.sender, 1);
        return super.transfer(to, amount);
    }
}

/// @title Says false, or says true, and moves nothing
contract LyingCoin is ERC20("Lying", "LIE") {
    bool public answer;

    constructor(bool answer_) {
        answer = answer_;
    }

    function transferFrom(address, address, uint256) public view override returns (bool) {
        return answer;
    }

    function transfer(address, uint256) public view override returns (bool) {
        return answer;
    }
}

/// @title Gives everybody a tenth more while something is moved
contract RebasingCoin is ERC20("Rebasing", "RBS") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        _mint(to, 1 + balanceOf(to) / 10);
        return super.transferFrom(from, to, amount);
    }
}

/// @title Calls back into whatever it was told to before it moves anything
contract CallingCoin is ERC20("Calling", "CLL") {
    address private target;
    bytes private words;
    /// @notice Whether the call back was taken, once there was one.
    bool public called;
    bool public taken;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function callBack(address target_, bytes calldata words_) external {
        (target, words, called, taken) = (target_, words_, false, false);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (target != address(0) && !called) {
            called = true;
            (taken, ) = target.call(words);
        }
        super._update(from, to, amount);
    }
}
