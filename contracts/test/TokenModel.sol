// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {PrescriptionToken} from "../src/PrescriptionToken.sol";
import {IPrescriptionToken} from "../src/IPrescriptionToken.sol";
import {vm} from "./Signing.sol";

/// @title Who may do what with the token, said a second time and as simply as it goes
/// @dev Remembers what was taken, and asks nothing of the contract to know what must be.
abstract contract TokenModel {
    struct Licence {
        bytes32 hash;
        uint256 from;
        uint256 to;
    }

    /// @dev A token as it must be on the chain.
    struct Token {
        address issuer;
        address holder;
        bytes32 commitment;
        uint256 expires;
        Licence licence;
        uint8 state;
        uint256 version;
    }

    bytes32 public constant ADMIN = 0x00;
    bytes32 public constant REGISTRAR = keccak256("REGISTRAR_ROLE");
    bytes32 public constant PRESCRIBER = keccak256("PRESCRIBER_ROLE");
    bytes32 public constant NOTARY = keccak256("NOTARY_ROLE");

    /// @notice The first is the admin, the second the registrar, then two doctors, three notaries, and two who are nothing yet.
    uint256 public constant ACTORS = 9;
    /// @notice Few, so that much is tried on each.
    uint256 public constant IDS = 4;

    PrescriptionToken public immutable TOKEN;
    mapping(bytes32 role => mapping(address account => bool)) public has;
    mapping(address prescriber => Licence) internal licences;
    mapping(uint256 id => Token) private _tokens;
    uint256 public threshold = 2;
    uint256 public notaries;
    uint256 public minted;
    /// @notice What was taken that never may be, or refused that must be taken; empty where all is well.
    string public broken;
    /// @notice How often each thing was taken, and how often refused.
    mapping(string what => mapping(bool did => uint256)) public times;

    constructor() {
        address[] memory officers = new address[](3);
        for (uint256 i = 0; i < 3; ++i) officers[i] = actor(4 + i);
        TOKEN = new PrescriptionToken(actor(0), actor(1), officers, threshold);
        has[ADMIN][actor(0)] = true;
        has[REGISTRAR][actor(1)] = true;
        for (uint256 i = 0; i < 3; ++i) _granted(NOTARY, officers[i]);
    }

    function tokenOf(uint256 id) external view returns (Token memory) {
        return _tokens[id];
    }

    function actor(uint256 any) public pure returns (address) {
        return vm.addr(_key(any));
    }

    function role(uint8 any) public pure returns (bytes32) {
        return [ADMIN, REGISTRAR, PRESCRIBER, NOTARY][any % 4];
    }

    function _key(uint256 any) internal pure returns (uint256) {
        return 0xa11ce + (any % ACTORS);
    }

    function _exists(uint256 id) internal view returns (bool) {
        return _tokens[id].holder != address(0);
    }

    function _ended(uint256 id) internal view returns (bool) {
        return _tokens[id].state > 1;
    }

    function _versionOf(uint256 id) internal view returns (uint256) {
        return _tokens[id].version;
    }

    function _holderOf(uint256 id) internal view returns (address) {
        return _tokens[id].holder;
    }

    function _mayMint(address issuer, IPrescriptionToken.Issue memory issue) internal view returns (bool) {
        bool licensed = has[PRESCRIBER][issuer] && licences[issuer].from > 0 && licences[issuer].to >= block.timestamp;
        bool ahead = issue.expires > block.timestamp && issue.expires < 2 ** 32;
        return licensed && ahead && !_exists(issue.tokenId) && issue.holder != address(0) && issue.commitment != 0;
    }

    function _mayRecord(
        IPrescriptionToken.Attestation memory attestation,
        address[] memory signers
    ) internal view returns (bool) {
        Token storage token = _tokens[attestation.tokenId];
        if (!_exists(attestation.tokenId) || block.timestamp > attestation.deadline) return false;
        // Active, partial; dispensed and cancelled are the end.
        if (attestation.state > 3 || attestation.state < token.state || _ended(attestation.tokenId)) return false;
        if (attestation.version <= token.version || attestation.version >= 2 ** 24) return false;
        if (signers.length < threshold) return false;
        for (uint256 i = 0; i < signers.length; ++i) {
            if (!has[NOTARY][signers[i]]) return false;
            for (uint256 j = 0; j < i; ++j) if (signers[i] == signers[j]) return false;
        }
        return true;
    }

    function _mayAppoint(address who, bytes32 what) internal view returns (bool) {
        return has[what == PRESCRIBER ? REGISTRAR : ADMIN][who];
    }

    /// @dev As many notaries stay as an attestation needs.
    function _maySpare(bytes32 what, address whom) internal view returns (bool) {
        return what != NOTARY || !has[NOTARY][whom] || notaries > threshold;
    }

    function _mayLicense(address who, uint256 to) internal view returns (bool) {
        return has[REGISTRAR][who] && to > block.timestamp && to < 2 ** 40;
    }

    function _maySetThreshold(address who, uint256 wanted) internal view returns (bool) {
        return has[ADMIN][who] && wanted > 0 && wanted <= notaries;
    }

    function _minted(address issuer, IPrescriptionToken.Issue memory issue) internal {
        ++minted;
        _tokens[issue.tokenId] = Token({
            issuer: issuer,
            holder: issue.holder,
            commitment: issue.commitment,
            expires: issue.expires,
            licence: licences[issuer],
            state: 0,
            version: 0
        });
    }

    function _recorded(IPrescriptionToken.Attestation memory attestation) internal {
        _tokens[attestation.tokenId].state = attestation.state;
        _tokens[attestation.tokenId].version = attestation.version;
    }

    function _granted(bytes32 what, address whom) internal {
        if (what == NOTARY && !has[what][whom]) ++notaries;
        has[what][whom] = true;
    }

    function _taken(bytes32 what, address whom) internal {
        if (what == NOTARY && has[what][whom]) --notaries;
        has[what][whom] = false;
    }

    /// @dev Holds what the contract did against what it had to do.
    function _compare(string memory what, bool may, bool did) internal {
        ++times[what][did];
        if (may != did && bytes(broken).length == 0) broken = string.concat(what, did ? " was taken" : " was refused");
    }
}
