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

# "responsibilities often overlap in key areas", and what stands of both in other sections
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
    # delivery manager vs project manager
    "Ensure that the final product meets client needs",
    "Manage the delivery process",
    # What is a Delivery Manager?
    "Ensure successful delivery of a product or service to the client",
    "Coordinate teams",
    "Oversee the end-to-end delivery process",
    "Understand stakeholder requirements",
    "Ensure that the final product meets stakeholder needs",
    "Address issues promptly",
    "Support the ongoing delivery of products",
    "Support the ongoing improvement of products",
    # Delivery Manager vs Project Manager
    "Ensure that the final product meets client expectations",
    "Manage the workflow",
    "Support the product or service after delivery",
    # Core duties of a Delivery Manager
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
    # Essential skills for Delivery Managers
    "Address and resolve issues in the delivery process",
    # Typical settings for Delivery Managers
    "Oversee the delivery of software solutions",
    "Ensure that products are delivered efficiently",
    "Ensure that products meet quality standards",
}
PM_DUTIES = {
    # delivery manager vs project manager
    "Oversee the project timeline",
    "Oversee the project budget",
    "Oversee the project scope",
    # What is a Project Manager?
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
    # Delivery Manager vs Project Manager
    "Ensure that objectives are met within set constraints",
    # Core duties of a Project Manager
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
    # Essential skills for Project Managers
    "Motivate the team",
    "Guide the team",
    # Typical settings for Project Managers
    "Oversee everything from initial design to completion",
    "Manage projects for software launches",
    "Manage projects for system updates",
    "Manage projects for infrastructure improvements",
}

SHARED_SKILLS = {"Communication", "Leadership", "Organisation", "Problem solving"}
# label to strength: "should possess" is recommended, "can be beneficial" and "can streamline" are
# beneficial, the rest of a section "Essential skills" is essential
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
# "Professionals looking to transition should focus on understanding the distinct responsibilities
# and expectations of the new role": asked for by a move in either direction
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

# every step between roles that the article states: type, hedge, what has to come first
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

# the headings, in the order of the text
HEADINGS = (
    "delivery manager vs project manager",
    "Introduction to the roles",
    "What is a Delivery Manager?",
    "What is a Project Manager?",
    "Delivery Manager vs Project Manager",
    "Key responsibilities",
    "Core duties of a Delivery Manager",
    "Core duties of a Project Manager",
    "Overlapping responsibilities",
    "Skill sets and qualifications",
    "Essential skills for Delivery Managers",
    "Essential skills for Project Managers",
    "Training and certification",
    "Work environments",
    "Typical settings for Delivery Managers",
    "Typical settings for Project Managers",
    "Career path and growth",
    "Career progress for Delivery Managers",
    "Career progress for Project Managers",
    "Transitioning between roles",
)

MOVE_SENTENCES = {
    (PM, DM): (
        "Transitioning between roles",
        "Transitioning between delivery manager and project manager roles can be a strategic "
        "career move, leveraging shared skills while developing new competencies.",
    ),
    (DM, SDM): (
        "Career progress for Delivery Managers",
        "As a Delivery Manager, professionals can advance to senior delivery managers overseeing "
        "larger teams and more complex projects.",
    ),
    (SDM, DIRECTOR): (
        "Career progress for Delivery Managers",
        "With experience, they may progress to roles such as Head of Delivery or Delivery "
        "Director, responsible for the delivery strategy across an entire organization.",
    ),
    (PM, COO): (
        "Career progress for Project Managers",
        "Some project managers move into executive roles, like Director of Project Management or "
        "Chief Operations Officer, where strategic oversight and leadership are key.",
    ),
}
"""Section and sentence that a step is read from."""
