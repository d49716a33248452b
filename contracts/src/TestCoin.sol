// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A coin to try payments with, worth nothing
/// @notice Deployed only where no coin is configured. Whoever deployed it makes as much of it as is wanted.
contract TestCoin is ERC20, ERC20Permit {
    address private immutable _minter;

    error NotMinter(address account);

    constructor() ERC20("Medloom test coin, no money", "TEST") ERC20Permit("Medloom test coin, no money") {
        _minter = _msgSender();
    }

    /// @notice Makes coins. Only who deployed it.
    function mint(address to, uint256 amount) external {
        if (_msgSender() != _minter) revert NotMinter(_msgSender());
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
