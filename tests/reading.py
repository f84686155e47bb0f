"""What a person reads in the article, written down by hand and not taken from the graph's files.

Labels are the graph's; which of them hold of which role, and with what reservation, is what the
sentences of the article say under the decisions on how to read them.
"""

from __future__ import annotations

DM = "Delivery Manager"
PM = "Project Manager"
SDM = "Senior Delivery Manager"
HEAD = "Head of Delivery"
DIRECTOR = "Delivery Director"
JUNIOR = "Junior Project Manager"
SPM = "Senior Project Manager"
PROGRAM = "Program Manager"
PORTFOLIO = "Portfolio Manager"
PM_DIRECTOR = "Director of Project Management"
COO = "Chief Operations Officer"
ROLES = (DM, PM, SDM, HEAD, DIRECTOR, JUNIOR, SPM, PROGRAM, PORTFOLIO, PM_DIRECTOR, COO)

SHARED_DUTIES = {
    "Coordination",
    "Communication",
    "Convey information clearly between stakeholders and team members",
    "Manage risk",
    "Anticipate potential issues",
    "Develop strategies to minimise potential issues",
    "Manage resources",
    "Assure quality",
}
DM_DUTIES = {
    "Ensure that the final product meets client needs",
    "Manage the delivery process",
    "Ensure successful delivery of a product or service to the client",
    "Coordinate teams",
    "Oversee the end-to-end delivery process",
    "Understand stakeholder requirements",
    "Ensure that the final product meets stakeholder needs",
    "Address issues promptly",
    "Support the ongoing delivery of products",
    "Support the ongoing improvement of products",
    "Ensure that the final product meets client expectations",
    "Manage the workflow",
    "Support the product or service after delivery",
    "Align the delivery process with client expectations",
    "Align the delivery process with business goals",
    "Ensure collaboration between teams",
    "Ensure effective communication between teams",
    "Oversee the delivery lifecycle",
    "Devise delivery processes",
    "Implement delivery processes",
    "Identify potential delivery obstacles",
    "Devise strategies to mitigate delivery obstacles",
    "Ensure that the right resources are allocated appropriately",
    "Look after client relations",
    "Communicate regularly with the client",
    "Monitor the product or service after delivery",
    "Seek opportunities for ongoing improvement",
    "Seek opportunities for client satisfaction",
    "Address and resolve issues in the delivery process",
    "Oversee the delivery of software solutions",
    "Ensure that products are delivered efficiently",
    "Ensure that products meet quality standards",
}
PM_DUTIES = {
    "Oversee the project timeline",
    "Oversee the project budget",
    "Oversee the project scope",
    "Oversee project planning",
    "Oversee project execution",
    "Oversee project closing",
    "Complete the project on time",
    "Complete the project within budget",
    "Complete the project within the specified scope",
    "Create detailed project plans",
    "Allocate resources",
    "Coordinate team members",
    "Identify potential issues early",
    "Mitigate potential issues early",
    "Be the main point of contact between client and project team",
    "Ensure clear communication",
    "Manage expectations effectively",
    "Ensure that objectives are met within set constraints",
    "Steer the project from inception to completion",
    "Ensure that the project adheres to predefined objectives",
    "Develop comprehensive project plans",
    "Manage the budget",
    "Manage the scope",
    "Identify potential risks",
    "Develop contingency plans",
    "Facilitate stakeholder communication",
    "Lead project teams",
    "Guide team members",
    "Support team members",
    "Review the project on completion",
    "Motivate the team",
    "Guide the team",
    "Oversee everything from initial design to completion",
    "Manage projects for software launches",
    "Manage projects for system updates",
    "Manage projects for infrastructure improvements",
}

SHARED_SKILLS = {"Communication", "Leadership", "Organisation", "Problem solving"}
DM_SKILLS = {
    "Focus on continuous improvement": "essential",
    "Understanding of project management methodologies": "essential",
    "Negotiation": "recommended",
    "Technical proficiency": "beneficial",
}
PM_SKILLS = {
    "Planning": "essential",
    "Risk management": "essential",
    "Budget management": "essential",
    "Familiarity with project management software and tools": "beneficial",
}
MOVE_SKILLS = {
    "Understanding of the new role's responsibilities": "recommended",
    "Understanding of the new role's expectations": "recommended",
}
TO_DM_SKILLS = {
    "Client relationship management": "recommended",
    "Ongoing service delivery": "recommended",
}
TO_PM_SKILLS = {
    "Detailed project planning": "essential",
    "Budgeting": "essential",
    "Scope management": "essential",
}
MOVE_ACTIVITIES = {
    "Practical experience",
    "Shadowing peers",
    "Taking on hybrid roles",
    "Networking with professionals in the desired role",
    "Seeking mentorship",
}
DM_ADVANCEMENT = {
    "Continuing education",
    "Earning certifications",
    "Advanced ITIL",
    "Advanced Agile qualifications",
    "Networking",
    "Professional development",
    "Continually refining skills",
    "Continually expanding knowledge",
}
PM_ADVANCEMENT = {
    "PgMP",
    "PfMP",
    "Gaining expertise in specific industries",
    "Gaining expertise in project management methodologies",
    "Networking",
    "Continuous learning",
    "Staying up to date with industry trends",
}

STATED_MOVES = {
    (DM, SDM): ("promotion", "can", ()),
    (SDM, HEAD): ("promotion", "may", ("Experience",)),
    (SDM, DIRECTOR): ("promotion", "may", ("Experience",)),
    (PM, SPM): ("promotion", "can", ("Time",)),
    (SPM, PROGRAM): ("promotion", "may", ("Further progress",)),
    (SPM, PORTFOLIO): ("promotion", "may", ("Further progress",)),
    (PM, PM_DIRECTOR): ("promotion", "some", ()),
    (PM, COO): ("promotion", "some", ()),
    (DM, PM): ("lateral move", "can", ()),
    (PM, DM): ("lateral move", "can", ()),
}
CURATED_MOVES = {(PROGRAM, PM_DIRECTOR), (PORTFOLIO, PM_DIRECTOR), (PM_DIRECTOR, COO)}

HEADINGS = (
    "What is a Project Manager?",
    "What is a Delivery Manager?",
    "Career path and growth",
    "Training and certification",
    "Core duties of a Project Manager",
    "Delivery Manager vs Project Manager",
    "Core duties of a Delivery Manager",
    "delivery manager vs project manager",
    "Overlapping responsibilities",
    "Key responsibilities",
    "Introduction to the roles",
    "Transitioning between roles",
    "Skill sets and qualifications",
    "Typical settings for Project Managers",
    "Essential skills for Project Managers",
    "Career progress for Project Managers",
    "Typical settings for Delivery Managers",
    "Essential skills for Delivery Managers",
    "Career progress for Delivery Managers",
    "Work environments",
)

MOVE_SENTENCES = {
    (PM, DM): (
        "Transitioning between roles",
        "3703f8496c8fe695dba92c4657206a9fde277c7122a6740d55af6f04e45ca263",
    ),
    (DM, SDM): (
        "Career progress for Delivery Managers",
        "2d833104d20bf8e8417d2526bc9e90337c6ad1974380220436e2400cc3f9267b",
    ),
    (SDM, DIRECTOR): (
        "Career progress for Delivery Managers",
        "f253bda2fd83fadedcd646bb16d22766945e810910665f1b1905c705975015e9",
    ),
    (PM, COO): (
        "Career progress for Project Managers",
        "5825e2102ab6dda99f28d761a275ff770f26e7109f9390c987c7ce48f730111e",
    ),
}
"""Section, and SHA-256 of the sentence, that a step is read from."""
